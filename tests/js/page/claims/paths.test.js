// What is said of credit over skip edges, recounted from the trace. Nothing of page/words is used to count.

import * as facts from "../../../../static/js/page/words/figure_facts.js";
import * as claims from "../../../../static/js/page/words/figures.js";
import { madeUp, many } from "../../support/awkward.js";
import { NUMBER, grouped, howMany, same, sceptic, wellCounted } from "../../support/sceptic.js";

const TRACES = many(900, madeUp);

const carrying = (/** @type {any} */ trace) =>
  trace.edges.filter((/** @type {any} */ { kind, credit }) => kind === "skip" && credit !== 0);
const finite = (/** @type {any[]} */ edges) => edges.filter(({ credit }) => !Number.isNaN(credit));
const LOSS = "(?<loss>The whole loss|The loss at step \\d+)";
const MOST =
  `from step (?<from>\\d+) to step (?<to>\\d+), credit (?<credit>${NUMBER}), ` +
  `(?:weight (?<weight>${NUMBER})|(?<zero>a threshold memory of weight 0))`;
const isLoss = (/** @type {any} */ { loss_step: at }, /** @type {any} */ { loss }) =>
  loss === (at === null ? "The whole loss" : `The loss at step ${at}`);
const isEdge = (/** @type {any} */ trace, /** @type {any} */ { from, to, credit, weight, zero }) => {
  const edge = carrying(trace).find((/** @type {any} */ one) => one.reader === +from && one.source === +to);
  const told = zero ? !edge?.chosen : edge?.chosen && same(weight, edge.weight);
  return edge !== undefined && told && same(credit, edge.credit);
};
const beaten = (/** @type {any} */ trace, /** @type {any} */ { from, to }) => {
  const own = carrying(trace).find((/** @type {any} */ one) => one.reader === +from && one.source === +to).credit;
  return finite(carrying(trace)).filter(({ credit, reader, source }) =>
    reader === +from && source === +to ? false : credit >= own,
  );
};
const edges = (/** @type {any} */ trace, /** @type {any} */ { n }) =>
  howMany(n) === carrying(trace).length && wellCounted(n, "skip edge");
sceptic("PATHS", {
  ...{ place: claims.PATHS, cases: TRACES, facts: facts.paths },
  known: [
    [
      new RegExp(`^${LOSS} sends credit over no skip edge\\.$`),
      (trace, told) => isLoss(trace, told) && carrying(trace).length === 0,
    ],
    [
      new RegExp(`^${LOSS} reaches over (?<n>\\d+ skip edges?), but no credit is finite\\.$`),
      (trace, told) => isLoss(trace, told) && edges(trace, told) && finite(carrying(trace)).length === 0,
    ],
    [
      new RegExp(`^${LOSS} sends credit over (?<n>\\d+ skip edges?), not all finite; one leads ${MOST}\\.$`),
      (trace, told) =>
        isLoss(trace, told) &&
        edges(trace, told) &&
        finite(carrying(trace)).length < carrying(trace).length &&
        isEdge(trace, told),
    ],
    [
      new RegExp(
        `^${LOSS} sends credit over (?<n>\\d+ skip edges?); one leads ${MOST}, and a stronger one ` +
          `from step (?<from2>\\d+) to step (?<to2>\\d+), credit (?<credit2>${NUMBER})\\.$`,
      ),
      (trace, told) => {
        const more = beaten(trace, told).find(({ reader, source }) => reader === +told.from2 && source === +told.to2);
        const own = { from: told.from2, to: told.to2 };
        return (
          isLoss(trace, told) &&
          edges(trace, told) &&
          isEdge(trace, told) &&
          finite(carrying(trace)).length === carrying(trace).length &&
          more !== undefined &&
          same(told.credit2, more.credit) &&
          beaten(trace, own).every(({ credit }) => credit === more.credit) &&
          more.credit >
            carrying(trace).find(({ reader, source }) => reader === +told.from && source === +told.to).credit
        );
      },
    ],
    [
      new RegExp(
        `^${LOSS} sends credit over (?<n>\\d+ skip edges?); (?<rank>the|one of the) strongest leads ${MOST}\\.$`,
      ),
      (trace, told) =>
        isLoss(trace, told) &&
        edges(trace, told) &&
        finite(carrying(trace)).length === carrying(trace).length &&
        isEdge(trace, told) &&
        (told.rank === "the"
          ? beaten(trace, told).length === 0
          : beaten(trace, told).length > 0 && beaten(trace, told).every(({ credit }) => same(told.credit, credit))),
    ],
  ],
});

const isCuts = (/** @type {any} */ { cuts }, /** @type {string} */ told) =>
  howMany(told.toLowerCase()) === cuts.length && wellCounted(told.toLowerCase(), "cut");
sceptic("HIDDEN", {
  ...{ place: claims.HIDDEN, cases: TRACES, facts: facts.hidden },
  known: [
    [/^(?<cuts>[^.]+)\.$/, (trace, { cuts }) => isCuts(trace, cuts) && trace.paths_hidden === 0],
    [
      /^(?<cuts>[^.]+)\. (?<n>[\d,]+) weaker path(?<many>s are| is) hidden\.$/,
      (trace, { cuts, n, many: verb }) =>
        isCuts(trace, cuts) && n === grouped(trace.paths_hidden) && n !== "0" && (n === "1") === (verb === " is"),
    ],
  ],
});
