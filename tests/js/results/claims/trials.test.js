// A sceptic reads what is said of all trials: how many learned, failed, still train, are left out.

import { storyFacts } from "../../../../static/js/results/words/facts.js";
import * as words from "../../../../static/js/results/words/story.js";
import { LIVE, cases, spelt, kindsOf, live, lost, learned, count } from "../../support/results_recounts.js";
import { nothing, sceptic } from "../../support/sceptic.js";

sceptic("how many learned", {
  place: words.LEARNED,
  cases,
  facts: storyFacts,
  taste: ["none yet: live", "whole: someWhole"],
  known: [
    nothing(({ rows }) => rows.length === 0),
    [
      /^All of (?<trials>[\w, ]+) learned\.$/,
      (view, { trials }) => learned(view) === view.rows.length && count(trials, view.rows.length),
    ],
    [
      /^None of (?<trials>[\w, ]+) has learned yet\.$/,
      (view, { trials }) => learned(view) === 0 && live(view) && count(trials, view.rows.length),
    ],
    [
      /^None of (?<trials>[\w, ]+) learned\.$/,
      (view, { trials }) => learned(view) === 0 && !live(view) && count(trials, view.rows.length),
    ],
    [
      /^(?<some>[\d,]+) of (?<trials>[\w, ]+) learned; in (?<whole>[\d,]+) of (?<kinds>[\w, ]+) all did\.$/,
      (view, { some, trials, whole, kinds }) => {
        const all = kindsOf(view).filter(({ of }) => of.every(({ verdict }) => verdict === "learned")).length;
        return (
          learned(view) > 0 &&
          count(some, learned(view)) &&
          count(trials, view.rows.length) &&
          all > 0 &&
          count(whole, all) &&
          count(kinds, kindsOf(view).length)
        );
      },
    ],
    [
      /^(?<some>[\d,]+) of (?<trials>[\w, ]+) learned\.$/,
      (view, { some, trials }) =>
        learned(view) > 0 &&
        learned(view) < view.rows.length &&
        count(some, learned(view)) &&
        count(trials, view.rows.length),
    ],
  ],
});

sceptic("what failed", {
  place: words.LOST,
  cases,
  facts: storyFacts,
  known: [
    nothing(({ rows }) => !rows.some(lost)),
    [
      /^Failed or diverged: (?<lost>[\w, ]+), marked ×\.$/,
      ({ rows }, told) => rows.some(lost) && count(told.lost, rows.filter(lost).length),
    ],
  ],
});

sceptic("what still trains", {
  place: words.LIVE,
  cases,
  facts: storyFacts,
  known: [
    nothing((view) => !live(view)),
    [
      /^Still to end: (?<live>[\w, ]+)\.$/,
      ({ rows }, told) => count(told.live, rows.filter(({ status }) => LIVE.includes(status)).length),
    ],
  ],
});

sceptic("what is left out", {
  place: words.NARROWED,
  cases,
  facts: storyFacts,
  known: [
    nothing(({ rows, all }) => rows.length === all.length),
    [
      /^Shown are those with (?<only>.+): (?<trials>[\w, ]+) of (?<all>[\w, ]+)\.$/,
      ({ rows, all }, told) =>
        rows.length < all.length &&
        count(told.trials, rows.length) &&
        count(told.all, all.length) &&
        told.only
          .split(", ")
          .every((held) =>
            rows.every((one) => held === `${held.split(" ")[0]} ${spelt(one, `model.${held.split(" ")[0]}`)}`),
          ),
    ],
  ],
});
