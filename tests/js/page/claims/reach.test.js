// What is said of arcs, reach and gradients, recounted from the trace. Nothing of page/words is used to count.

import * as facts from "../../../../static/js/page/words/figure_facts.js";
import * as claims from "../../../../static/js/page/words/figures.js";
import { chances, list, madeUp, many } from "../../support/awkward.js";
import { grouped, nothing, sceptic } from "../../support/sceptic.js";

const TRACES = many(900, madeUp);

const carrying = (/** @type {any} */ trace) =>
  trace.edges.filter((/** @type {any} */ { kind, credit }) => kind === "skip" && credit !== 0);
/** Skip edges with credit that a shown path takes. */
const arcs = (/** @type {any} */ trace) => {
  const taken = new Set(
    trace.paths.flatMap((/** @type {any} */ { steps, kinds }) =>
      kinds.flatMap((/** @type {string} */ kind, /** @type {number} */ at) =>
        kind === "skip" ? [`${steps[at]} ${steps[at + 1]}`] : [],
      ),
    ),
  );
  return carrying(trace).filter((/** @type {any} */ { reader, source }) => taken.has(`${reader} ${source}`));
};
const lengths = (/** @type {any} */ trace) =>
  arcs(trace).map((/** @type {any} */ { reader, source }) => reader - source);
sceptic("OVERVIEW", {
  ...{ place: claims.OVERVIEW, cases: TRACES, facts: facts.overview },
  known: [
    [/^A sequence of \d+ steps without an arc\.$/, (trace) => arcs(trace).length === 0],
    [
      /^A sequence of (?<n>\d+) steps with 1 arc, from step (?<from>\d+) to step (?<to>\d+)\.$/,
      (trace, { n, from, to }) =>
        trace.steps === +n &&
        arcs(trace).length === 1 &&
        arcs(trace)[0].reader === +from &&
        arcs(trace)[0].source === +to,
    ],
    [
      new RegExp(
        "^A sequence of (?<n>\\d+) steps with (?<count>\\d+) arcs; (?<rank>the|one of the) longest leads " +
          "from step (?<from>\\d+) to step (?<to>\\d+)\\.$",
      ),
      (trace, { n, count, rank, from, to }) =>
        trace.steps === +n &&
        arcs(trace).length === +count &&
        +count > 1 &&
        arcs(trace).some((/** @type {any} */ { reader, source }) => reader === +from && source === +to) &&
        Math.max(...lengths(trace)) === from - to &&
        lengths(trace).filter((/** @type {number} */ one) => one === from - to).length > 1 === (rank === "one of the"),
    ],
  ],
});

const NAMES = /** @type {Record<string, string>} */ ({
  sab: "SAB",
  tbptt: "TBPTT",
  bptt: "BPTT",
  attention: "attention",
});
const ruleOf = (/** @type {any} */ trace, /** @type {string} */ name) =>
  name === NAMES[trace.parameters.method] ? "sab" : name;
/** Steps of a reach: above a millionth of the largest. */
const reachIs = (/** @type {any} */ trace, /** @type {string} */ rule, /** @type {string} */ told) => {
  const norms = Array.from(trace.gradient_norm[rule]).map((norm) => (Number.isNaN(norm) ? 0 : norm));
  const reached = norms.flatMap((norm, at) => (norm > Math.max(...norms) * 1e-6 ? [at] : []));
  const spelt = told
    .replace(/^(no step|steps?) ?/, "")
    .split(", ")
    .filter(Boolean)
    .flatMap((part) => {
      const [from, to = from] = part.split("–").map(Number);
      return list(to - from + 1, (at) => from + at);
    });
  const noun = reached.length === 0 ? "no step" : reached.length === 1 ? "step" : "steps";
  return told.match(/^(no step|steps?)/)?.[0] === noun && [...spelt].sort().join() === [...reached].sort().join();
};
const REACH = "(?:no step|steps? [\\d–, ]+)";
sceptic("REACHED", {
  ...{ place: claims.REACHED, cases: TRACES, facts: facts.reached },
  known: [
    nothing((trace) => trace.gradient_norm.sab === undefined),
    [
      new RegExp(`^(?<who>\\w+) reaches (?<reach>${REACH})\\.$`),
      (trace, { who, reach }) =>
        ruleOf(trace, who.replace("Attention", "attention")) === "sab" && reachIs(trace, "sab", reach),
    ],
  ],
  taste: ["no step: !reached"],
});

const DRAWN = TRACES.map((trace, seed) => ({ trace, cell: chances(seed).some(0.4) }));
const rulesOf = (/** @type {any} */ trace) => Object.keys(trace.reach).length;
const reaches = (/** @type {any} */ trace, /** @type {string} */ told) => {
  const parts = told.split("; ").map((part) => /^(\w+) reaches (.*)$/.exec(part));
  return (
    parts.length === rulesOf(trace) &&
    parts.every((part) => part && reachIs(trace, ruleOf(trace, part[1]), part[2])) &&
    new Set(parts.map((part) => part?.[1])).size === parts.length
  );
};
sceptic("GRADIENTS", {
  ...{ place: claims.GRADIENTS, cases: DRAWN, facts: ({ trace, cell }) => facts.gradients(trace, cell) },
  known: [
    [/^No gradient is drawn\.$/, ({ trace }) => rulesOf(trace) === 0],
    [
      /^By gradient norm of h, (?<reaches>[^.]+)\.$/,
      ({ trace, cell }, told) =>
        reaches(trace, told.reaches) && cell && Object.keys(trace.gradient_norm_cell).length === 0,
    ],
    [
      new RegExp(
        "^By gradient norm of h, (?<reaches>[^.]+)\\. " +
          "Steps where the gradient of (?<of>[hc]) is exactly zero: (?<zeros>.+)\\.$",
      ),
      ({ trace, cell }, told) => {
        const norms = cell ? trace.gradient_norm_cell : trace.gradient_norm;
        const parts = told.zeros.split(", ").map((part) => part.split(" "));
        return (
          reaches(trace, told.reaches) &&
          told.of === (cell ? "c" : "h") &&
          parts.length === Object.keys(norms).length &&
          parts.every(
            ([name, count]) =>
              Array.from(norms[ruleOf(trace, name)]).filter((norm) => norm === 0).length === Number(count),
          )
        );
      },
    ],
  ],
});

sceptic("BROKEN", {
  ...{ place: claims.BROKEN, cases: TRACES, facts: facts.broken },
  known: [
    nothing(({ nonfinite }) => nonfinite === 0),
    [/^1 number is not finite\.$/, ({ nonfinite }) => nonfinite === 1],
    [/^(?<n>[\d,]+) numbers are not finite\.$/, ({ nonfinite }, { n }) => nonfinite > 1 && n === grouped(nonfinite)],
  ],
});
