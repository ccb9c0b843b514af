// What is said of curves and health, recounted from their columns. Nothing of page/words is used to count.

import * as facts from "../../../../static/js/page/words/figure_facts.js";
import * as claims from "../../../../static/js/page/words/figures.js";
import { chances, list, many } from "../../support/awkward.js";
import { grouped, same, sceptic } from "../../support/sceptic.js";

const TRAININGS = many(200, (seed) => {
  const { whole, one, some } = chances(seed);
  const rows = whole(0, 3);
  const column = () => list(rows, () => one([0, 0.5, 2, NaN]));
  const update = list(rows, (at) => (at + 1) * (some(0.5) ? 1 : 1000) + at);
  const values = some(0.7) ? { accuracy: column(), ce: column() } : {};
  const share = () => list(rows, () => one([0, 1, 0.004, 0.5, 0.99, 0.0004, NaN]));
  const health = some(0.8) ? { saturated: share(), dead: share(), near_tied: share() } : {};
  return { metrics: { update, loss: column(), values }, looks: { update, health, fresh: {} }, at: whole(0, rows) - 1 };
});
sceptic("CURVES", {
  ...{ place: claims.CURVES, cases: TRAININGS, facts: ({ metrics }) => facts.curves(/** @type {any} */ (metrics)) },
  known: [
    [/^No curve yet\.$/, ({ metrics }) => metrics.update.length === 0],
    [
      new RegExp(`^Curves up to update (?<last>[\\d,]+), where (?<figures>.+)\\.$`),
      ({ metrics }, { last, figures }) => {
        const at = metrics.update.length - 1;
        const every = /** @type {Record<string, number[]>} */ ({ loss: metrics.loss, ...metrics.values });
        const told = figures.split(", ").map((part) => /^(\w+) (.*)$/.exec(part) ?? []);
        const due = Object.keys(every).filter((name) => name === "loss" || !Number.isNaN(every[name][at]));
        return (
          grouped(metrics.update[at]) === last &&
          told.every(([, name, value]) => same(value, every[name][at])) &&
          told.map(([, name]) => name).join() === due.join()
        );
      },
    ],
  ],
});

/** A share in percent: what is not all is not said to be, nor what is not nothing. */
const isShare = (/** @type {string} */ told, /** @type {number} */ value) => {
  if (value === undefined || Number.isNaN(value)) return told === "not measured";
  if (told === "< 0.1 %") return value > 0 && value < 0.001;
  const shown = Number(told.replace(" %", "")) / 100;
  return (shown === 1) === (value === 1) && (shown === 0) === (value === 0) && Math.abs(shown - value) < 0.006;
};
const FIGURES =
  "scorer units saturated (?<saturated>[^,]+), dead readers (?<dead>[^,]+), near-tied readers (?<near_tied>[^,]+)\\.$";
const figuresAre = (/** @type {any} */ { looks, at }, /** @type {any} */ told) =>
  looks.update[at] !== undefined &&
  told.update === grouped(looks.update[at]) &&
  ["saturated", "dead", "near_tied"].every((name) => isShare(told[name], looks.health[name]?.[at]));
sceptic("HEALTH", {
  place: claims.HEALTH,
  cases: TRAININGS,
  facts: ({ looks, at }) => facts.health(/** @type {any} */ (looks), at, "No look at this network yet."),
  known: [
    [/^No look at this network yet\.$/, ({ at }) => at === -1],
    [
      new RegExp(`^Measured once, after update (?<update>[\\d,]+): ${FIGURES}`),
      (one, told) => one.looks.update.length === 1 && figuresAre(one, told),
    ],
    [
      new RegExp(`^Measured (?<times>\\d+) times; after update (?<update>[\\d,]+): ${FIGURES}`),
      (one, told) => one.looks.update.length === +told.times && +told.times > 1 && figuresAre(one, told),
    ],
  ],
});
