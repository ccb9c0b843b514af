// A sceptic reads what lines and bands are, and what they lack.

import assert from "node:assert/strict";
import { test } from "node:test";

import { pictureFacts } from "../../../../static/js/results/words/facts.js";
import * as words from "../../../../static/js/results/words/story.js";
import { cases, figure, spelt, count, places, shownFigure, squares } from "../../support/results_recounts.js";
import { howMany, nothing, sceptic } from "../../support/sceptic.js";

sceptic("what the lines of the band are", {
  place: words.BAND,
  cases,
  facts: pictureFacts,
  known: [
    [/^The trials differ in no setting: there is nothing to draw along\.$/, ({ x }) => x === null],
    [
      /^(?<y>\w+) has (?<many>[\d,]+) values, too many for a line each: the line is the mean of all trials there\.$/,
      (view, { y, many }) =>
        view.y?.name === y &&
        Number(many) > 7 &&
        count(many, new Set(view.all.map((one) => spelt(one, view.y?.path ?? ""))).size),
    ],
    [
      /^A line is the mean of the trials with one (?<y>\w+)\.$/,
      (view, { y }) =>
        view.y?.name === y &&
        view.x !== null &&
        new Set(view.all.map((one) => spelt(one, view.y?.path ?? ""))).size <= 7,
    ],
    [/^The line is the mean of all trials there\.$/, ({ x, y }) => x !== null && y === null],
  ],
});

/** Figures of each line, by their place along x. @param {Results.View} view */
const lines = (view) => {
  const { x, y } = view;
  const apart = y && new Set(view.all.map((one) => spelt(one, y.path))).size <= 7;
  const found = /** @type {Map<string, Map<string, number>>} */ (new Map());
  for (const one of view.rows.filter((trial) => shownFigure(view)(trial) !== null)) {
    const line = apart ? spelt(one, y.path) : "";
    const counts = found.get(line) ?? new Map();
    const place = x ? spelt(one, x.path) : "";
    found.set(line, counts.set(place, (counts.get(place) ?? 0) + 1));
  }
  return [...found.values()].map((counts) => [...counts.values()]);
};

sceptic("how far trials of a line are apart", {
  place: words.SPREAD,
  cases,
  facts: pictureFacts,
  known: [
    nothing((view) => lines(view).every((counts) => counts.length < 2 || counts.every((count) => count === 1))),
    [
      /^A band reaches from the least to the most of its trials\.$/,
      (view) => lines(view).some((counts) => counts.length > 1 && counts.some((count) => count > 1)),
    ],
  ],
});

sceptic("what is dashed", {
  place: words.DASHED,
  cases,
  facts: pictureFacts,
  known: [
    nothing((view) => view.rows.every((one) => shownFigure(view)(one) !== null)),
    [
      /^Dashed: (?<blank>[\w, ]+) without (?<metric>\w+)\.$/,
      (view, { metric, blank }) =>
        metric === view.metric.name && count(blank, view.rows.filter((one) => shownFigure(view)(one) === null).length),
    ],
  ],
});

sceptic("what has no figure", {
  place: words.BLANK,
  cases,
  facts: pictureFacts,
  known: [
    nothing((view) => view.rows.every((one) => shownFigure(view)(one) !== null)),
    [
      /^Without (?<metric>\w+): (?<blank>[\w, ]+), which no mean counts\.$/,
      (view, { metric, blank }) =>
        metric === view.metric.name &&
        view.rows.some((one) => shownFigure(view)(one) === null) &&
        count(blank, view.rows.filter((one) => shownFigure(view)(one) === null).length),
    ],
  ],
});

sceptic("what was never tried", {
  place: words.HOLES,
  cases: cases.filter(({ x }) => x?.path !== "training.seed"),
  facts: pictureFacts,
  known: [
    nothing((view) => places(view).length === squares(view)),
    [
      /^Hatched: (?<missing>[\w, ]+) without a trial\.$/,
      (view, { missing }) => howMany(missing) > 0 && howMany(missing) === squares(view) - places(view).length,
    ],
  ],
});

sceptic("how values stand apart", {
  place: words.APART,
  cases: cases.filter(({ x }) => x?.path !== "training.seed"),
  facts: pictureFacts,
  known: [
    nothing(
      (view) =>
        view.x === null ||
        view.all.every((one) => Number.isFinite(Number(spelt(one, view.x?.path ?? "")))) ||
        view.x.values.length < 2,
    ),
    [
      /^Values of (?<x>\w+) stand at equal distances, as not all of them are numbers\.$/,
      (view, { x }) =>
        view.x?.name === x && view.all.some((one) => !Number.isFinite(Number(spelt(one, view.x?.path ?? "")))),
    ],
  ],
});

test("the page says its story in two places and the pictures say what they are made of", () => {
  const view = cases[0];
  assert.ok(words.storyWords(view).headline);
  assert.deepEqual(Object.keys(words.captions(view)), ["heat", "band", "lines"]);
});
