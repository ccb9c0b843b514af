// A sceptic reads what the pictures are made of.

import { pictureFacts } from "../../../../static/js/results/words/facts.js";
import * as words from "../../../../static/js/results/words/story.js";
import { best, cases, close, kindsOf, means, mixed, places, spelt, top } from "../../support/results_recounts.js";
import { nothing, sceptic } from "../../support/sceptic.js";

sceptic("what a cell is", {
  place: words.HEAT,
  cases,
  facts: pictureFacts,
  taste: ["means: many"],
  known: [
    [
      /^The trials differ in no setting: all of them are one cell\.$/,
      (view) => view.x === null && places(view).length <= 1,
    ],
    [
      /^A cell is the mean of its trials; they differ in (?<free>.+) too: hold it to tell them apart\.$/,
      (view, { free }) =>
        mixed(view) &&
        view.x !== null &&
        free.split(", ").every((name) => new Set(view.rows.map((one) => spelt(one, `model.${name}`))).size > 1),
    ],
    [
      /^A cell is the mean of its trials, which differ in nothing but the seed\.$/,
      (view) => !mixed(view) && view.x !== null,
    ],
    [/^A cell is one trial\.$/, (view) => view.x !== null && places(view).every(({ length }) => length === 1)],
  ],
});

sceptic("the ring", {
  place: words.RING,
  cases,
  facts: pictureFacts,
  known: [
    nothing((view) => places(view).length < 2 || kindsOf(view).length < 2 || means(view).length === 0),
    [
      /^Ringed: the best (?<metric>\w+), which several cells have\.$/,
      (view, { metric }) =>
        metric === view.metric.name && means(view).filter((mean) => close(mean, top(view))).length > 1,
    ],
    [
      /^Ringed: the best (?<metric>\w+)\.$/,
      (view, { metric }) =>
        metric === view.metric.name &&
        places(view).length > 1 &&
        kindsOf(view).length > 1 &&
        means(view).filter((mean) => close(mean, top(view))).length === 1,
    ],
  ],
});
