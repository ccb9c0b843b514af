// A sceptic reads which setting is best: every sentence is recounted from the trials themselves.

import { storyFacts } from "../../../../static/js/results/words/facts.js";
import * as words from "../../../../static/js/results/words/story.js";
import {
  cases,
  figure,
  kindsOf,
  ranking,
  close,
  best,
  ties,
  live,
  count,
  better,
  overIs,
} from "../../support/results_recounts.js";
import { NUMBER, nothing, same, sceptic } from "../../support/sceptic.js";

sceptic("the headline", {
  place: words.HEADLINE,
  cases,
  facts: storyFacts,
  taste: ["level: live", "best, live: live", "one, live: live", "waits: live"],
  known: [
    [/^No trial has come to its first look yet$/, (view) => live(view) && ranking(view).length === 0],
    [/^There is no trial to show$/, ({ rows }) => rows.length === 0],
    [/^No trial left a figure$/, (view) => view.rows.length > 0 && !live(view) && ranking(view).length === 0],
    [
      new RegExp(
        `^(?<sofar>So far, )?(?<level>[\\d,]+) of (?<kinds>[\\w, ]+) are equally good: ` +
          `(?<metric>\\w+) (?<mean>${NUMBER})$`,
      ),
      (view, { sofar, level, kinds, metric, mean }) =>
        (!sofar || live(view)) &&
        (Boolean(sofar) || !live(view)) &&
        count(level, ties(view)) &&
        ties(view) > 1 &&
        count(kinds, kindsOf(view).length) &&
        metric === view.main.name &&
        same(mean, best(view).mean),
    ],
    [
      new RegExp(`^(?<trials>[\\w, ]+) of one setting: (?<metric>\\w+) (?<mean>${NUMBER})(?<sofar> so far)?$`),
      (view, { trials, metric, mean, sofar }) =>
        kindsOf(view).length === 1 &&
        count(trials, view.rows.length) &&
        metric === view.main.name &&
        same(mean, best(view).mean) &&
        Boolean(sofar) === live(view),
    ],
    [
      /^Best of (?<kinds>[\w, ]+?)(?<sofar> so far)?: (?<name>.+)$/,
      (view, { kinds, sofar, name }) =>
        ties(view) === 1 &&
        kindsOf(view).length > 1 &&
        count(kinds, kindsOf(view).length) &&
        Boolean(sofar) === live(view) &&
        name === best(view).name,
    ],
  ],
});

sceptic("the value of the best", {
  place: words.VALUE,
  cases,
  facts: storyFacts,
  known: [
    nothing((view) => ranking(view).length === 0),
    [
      /^Each of them has that (?<metric>\w+) in the mean of its trials\.$/,
      (view, { metric }) => ties(view) > 1 && metric === view.main.name,
    ],
    [
      new RegExp(`^Its (?<metric>\\w+) is (?<mean>${NUMBER}) with each of (?<over>\\d+ \\w+)\\.$`),
      (view, { metric, mean, over }) =>
        ties(view) === 1 &&
        metric === view.main.name &&
        best(view).figures.every((value) => same(mean, value) && value === best(view).figures[0]) &&
        best(view).figures.length > 1 &&
        overIs(best(view), over),
    ],
    [
      new RegExp(
        `^Its (?<metric>\\w+) is (?<mean>${NUMBER}) in the mean over (?<over>\\d+ \\w+), ` +
          `from (?<low>${NUMBER}) to (?<high>${NUMBER})\\.$`,
      ),
      (view, { metric, mean, over, low, high }) =>
        ties(view) === 1 &&
        metric === view.main.name &&
        same(mean, best(view).mean) &&
        overIs(best(view), over) &&
        best(view).figures.length > 1 &&
        low !== high &&
        same(low, Math.min(...best(view).figures)) &&
        same(high, Math.max(...best(view).figures)),
    ],
    [
      new RegExp(`^Its (?<metric>\\w+) is (?<mean>${NUMBER}), of one trial: one seed says little\\.$`),
      (view, { metric, mean }) =>
        ties(view) === 1 && metric === view.main.name && best(view).figures.length === 1 && same(mean, best(view).mean),
    ],
  ],
});

sceptic("how far the best is from the others", {
  place: words.GAP,
  cases,
  facts: storyFacts,
  taste: ["overlap: several"],
  known: [
    nothing(() => true),
    [
      /^Each of its trials is better than any other\.$/,
      (view) =>
        ties(view) === 1 &&
        best(view).figures.length > 1 &&
        ranking(view).length > 1 &&
        ranking(view)
          .slice(1)
          .every(({ figures }) =>
            figures.every((other) => best(view).figures.every((mine) => better(view, mine, other))),
          ),
    ],
    [
      new RegExp(`^The next, (?<name>.+) \\(mean (?<mean>${NUMBER})\\), overlaps with it\\.$`),
      (view, { name, mean }) => {
        const [first, ...others] = ranking(view);
        const next = others.find((kind) => kind.name === name);
        return (
          ties(view) === 1 &&
          next !== undefined &&
          close(next.mean, others[0].mean) &&
          same(mean, next.mean) &&
          next.figures.some((other) => first.figures.some((mine) => !better(view, mine, other)))
        );
      },
    ],
  ],
});
