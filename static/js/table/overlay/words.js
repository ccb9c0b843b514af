// The sentences below the overlay: each with the facts that it needs, and no other place says them. Pure.

import { grouped, readable } from "../../draw/numbers.js";

/**
 * @typedef {import("./facts.js").Facts} Facts
 * @typedef {{name: string, holds: (facts: Facts) => boolean, say: (facts: Facts) => string}} Sentence
 */

/** @param {number} count @param {string} one @param {string} [many] */
const some = (count, one, many = `${one}s`) => `${grouped(count)} ${count === 1 ? one : many}`;
/** @param {number} count */
const is = (count) => (count === 1 ? "is" : "are");
/** @param {number} count */
const have = (count) => (count === 1 ? "has" : "have");

/** @type {readonly Sentence[]} */
export const SENTENCES = [
  {
    name: "bundled",
    holds: ({ bundled }) => bundled > 0,
    say: ({ lines, bundled, alone }) =>
      `${some(lines, "line")}: ${alone ? `${bundled} of them` : bundled === 1 ? "it" : "each"} ` +
      `${alone && bundled > 1 ? "are means" : "is the mean"} over runs that differ in nothing but the seed.`,
  },
  {
    name: "each",
    holds: ({ bundled, lines }) => bundled === 0 && lines > 0,
    say: ({ lines }) => `${some(lines, "line")}, each a single run.`,
  },
  {
    name: "band",
    holds: ({ banded }) => banded > 0,
    say: () => "A band reaches from the smallest to the largest of the runs.",
  },
  {
    name: "alone",
    holds: ({ alone }) => alone > 0,
    say: ({ alone }) => `${some(alone, "line")} ${is(alone)} of a single run: one seed says little.`,
  },
  {
    name: "copies",
    holds: ({ copies }) => copies > 0,
    say: ({ copies }) =>
      `Left out ${copies === 1 ? "is" : "are"} ${some(copies, "copy", "copies")} of runs that are counted already: ` +
      "a seed counts once.",
  },
  {
    name: "learned",
    holds: ({ runs, unjudged }) => runs > unjudged,
    say: ({ runs, learned }) => `${grouped(learned)} of ${some(runs, "run")} learned.`,
  },
  {
    name: "unjudged",
    holds: ({ unjudged }) => unjudged > 0,
    say: ({ runs, unjudged }) =>
      unjudged === runs
        ? `No verdict yet on ${runs === 1 ? "this run" : "any of these runs"}.`
        : `${some(unjudged, "run")} ${have(unjudged)} no verdict yet.`,
  },
  {
    name: "fresh",
    holds: ({ fresh, unfresh, lines }) => fresh && !unfresh && lines > 0,
    say: ({ unseen }) => `Values are those of ${unseen}, which no network trained on.`,
  },
  {
    name: "unfresh",
    holds: ({ unfresh, waiting }) => unfresh && waiting === 0,
    say: ({ unseen }) => `Nobody has looked at ${unseen} yet: choose the training batch under Values.`,
  },
  {
    name: "training",
    holds: ({ fresh, width, lines }) => !fresh && width === 1 && lines > 0,
    say: () => "Values are those of the training batches.",
  },
  {
    name: "binned",
    holds: ({ fresh, width, lines }) => !fresh && width > 1 && lines > 0,
    say: ({ width }) => `Values are those of the training batches, as means over up to ${grouped(width)} updates.`,
  },
  {
    name: "pale",
    holds: ({ pale }) => pale.length > 0,
    say: ({ pale: [[label, update], ...more] }) =>
      `Where a line grows pale, it goes on with fewer of its runs: “${label}” from update ${grouped(update)} on` +
      `${more.length ? `, and ${some(more.length, "other")}` : ""}.`,
  },
  {
    name: "smooth",
    holds: ({ smooth, lines }) => smooth > 0 && lines > 0,
    say: ({ smooth, banded }) =>
      `Smoothed by ${smooth}, an exponential moving average; the thin line beneath is as measured` +
      `${banded ? ", and so is the band" : ""}.`,
  },
  {
    name: "left",
    holds: ({ left }) => left.length > 0,
    say: ({ left, metric }) =>
      `Left out, as they have another metric than ${metric ?? "none"} and their loss is another one: ` +
      `${left.map(([name, runs]) => `${some(runs, "run")} (${name})`).join(", ")}.`,
  },
  {
    name: "blank",
    holds: ({ blank, unfresh }) => blank > 0 && !unfresh,
    say: ({ blank, fresh, unseen }) =>
      `${some(blank, "run")} ${have(blank)} no ${fresh ? `look at ${unseen}` : "update"} yet, and so no line.`,
  },
  {
    name: "zeros",
    holds: ({ zeros }) => zeros,
    say: () => "A value of 0 has no place on a logarithmic axis and is not drawn there.",
  },
  {
    name: "chance",
    holds: ({ shown, chance, lines }) => lines > 0 && shown.some((name) => typeof chance[name] === "number"),
    say: ({ shown, chance }) =>
      `Dotted level: what guessing gives, ${shown
        .flatMap((name) => (typeof chance[name] === "number" ? [`${name} ${readable(chance[name], 3)}`] : []))
        .join(", ")}.`,
  },
  {
    name: "turned",
    holds: ({ turned }) => turned > 0,
    say: ({ turned }) =>
      `The knobs of ${some(turned, "run")} were turned while ${turned === 1 ? "it" : "they"} trained.`,
  },
  {
    name: "live",
    holds: ({ live }) => live > 0,
    say: ({ live }) => `${some(live, "run")} ${live === 1 ? "has" : "have"} not ended: more will come.`,
  },
  {
    name: "waiting",
    holds: ({ waiting }) => waiting > 0,
    say: ({ waiting }) => `The curves of ${some(waiting, "run")} are on their way.`,
  },
  {
    name: "failed",
    holds: ({ failed }) => failed > 0,
    say: ({ failed, why }) => `The curves of ${some(failed, "run")} could not be had: ${why}`,
  },
  {
    name: "beyond",
    holds: ({ beyond }) => beyond > 0,
    say: ({ runs, copies, left, beyond }) => {
      const first = left.reduce((sum, [, more]) => sum + more, runs + copies);
      return `Looked at are the first ${grouped(first)} of ${some(first + beyond, "chosen run")}.`;
    },
  },
];

/** What may be said of a picture, in order. @param {Facts} facts @returns {string[]} */
export const captionOf = (facts) => SENTENCES.filter(({ holds }) => holds(facts)).map(({ say }) => say(facts));

/** How many of the runs of a curve learned, for its legend. @param {{runs: unknown[], learned: number,
 * unjudged: number}} curve */
export function learnedWords({ runs, learned, unjudged }) {
  if (unjudged === runs.length) return "no verdict yet";
  const open = unjudged ? `, ${unjudged} not judged yet` : "";
  return runs.length === 1 ? (learned ? "learned" : "not learned") : `learned ${learned} of ${runs.length}${open}`;
}

/** What of the runs of a curve was left out. @param {{copies: number}} curve */
export const copiesWords = ({ copies }) => (copies ? `${some(copies, "copy", "copies")} left out` : "");

/**
 * The last value of a curve, and of how many of its runs where it is not of all.
 * @param {Pick<import("./curves/chart.js").Curve, "metric" | "loss">} curve @param {string | null} metric
 */
export function endWords({ metric: series, loss }, metric) {
  const [name, last] = metric !== null && series.x.length ? [metric, series] : ["loss", loss];
  const value = last.mean.at(-1);
  if (value === undefined) return "no value yet";
  const runs = last.n.at(-1) ?? 0;
  const some = runs < last.of ? ` (of ${runs} of ${last.of} runs)` : "";
  return `${name} ${value === 0 ? "0" : readable(value, 3)} at update ${grouped(last.x.at(-1) ?? 0)}${some}`;
}
