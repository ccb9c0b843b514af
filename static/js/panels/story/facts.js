// What claims are made of: facts of a trace, true or false, and the words that stand in sentences. Pure.
// Exported files count the same (app/export/story/facts.py).

import { unread } from "../../draw/figures/methods.js";
import { grouped, intervals, opening, readable } from "../../draw/numbers.js";
import { edgeName, shownEdges } from "../../state/selectors/edges.js";
import { CALLED } from "../../wire/contract.js";
import { readingsOf, symbol } from "../../wire/trace.js";
import { sourcesOf, storyPath, wantedMemories } from "./path.js";

/**
 * So far off a sum is still right, as Hochreiter and Schmidhuber (1997) count it; always saying 1 is 0.4 off.
 */
const SUM_WITHIN = 0.04;
const TOLD_HOPS = 2;
const COUNTS = ["No", "One", "Two", "Three", "Four", "Five"];
const LISTED_HOPS = COUNTS.length - 1;
const LISTED_ISLANDS = 4;

const NO_STORY = ["story", "one", "read", "odd", "below", "best", "tied", "top_wanted"];

/** @typedef {Record<string, boolean | string>} Facts */

/**
 * Every fact of a trace; without a loss step those of the reach alone.
 * @param {Trace} trace
 * @returns {Facts}
 */
export function facts(trace) {
  const step = trace.loss_step;
  const whole = { whole: step === null, story: false, ...network(trace), ...reach(trace, step) };
  return step === null ? whole : { ...whole, ...answer(trace, step), ...reading(trace, step), ...path(trace, step) };
}

/** "steps 39–40, 0": where a rule has a gradient. @param {Trace} trace @param {Rule} rule */
function reached(trace, rule) {
  const found = trace.reach[rule] ?? [];
  if (found.length === 0) return "no step";
  const one = found.length === 1 && found[0][0] === found[0][1];
  return `${one ? "step" : "steps"} ${intervals(found, LISTED_ISLANDS)}`;
}

/** @param {Trace} trace @returns {Facts} */
function network(trace) {
  const method = trace.parameters.method ?? "sab";
  return {
    method,
    own: opening(CALLED[method]),
    never_reads: method === "tbptt" || method === "bptt",
    unread: unread(trace),
  };
}

/** @param {Trace} trace @param {number | null} step @returns {Facts} */
function reach(trace, step) {
  const { truncated, full, sab } = trace.reach;
  const norms = trace.gradient_norm.sab;
  const cuts = Array.from(trace.cuts);
  return {
    sab: sab !== undefined,
    truncated: truncated !== undefined,
    blamed: norms === undefined || Array.from(norms).some((norm) => norm !== 0),
    less: full !== undefined && JSON.stringify(truncated ?? []) !== JSON.stringify(full),
    at_once: step !== null && cuts.includes(step) && JSON.stringify(truncated) === JSON.stringify([[step, step]]),
    cut: step !== null && cuts.some((cut) => cut > 0 && cut <= step),
    reach_sab: reached(trace, "sab"),
    reach_truncated: reached(trace, "truncated"),
    skip_credit: trace.edges.some(({ kind, credit }) => kind === "skip" && credit !== 0),
  };
}

/** @param {Trace} trace @param {number} step @returns {Facts} */
function answer(trace, step) {
  const sources = sourcesOf(trace, step);
  const adds = trace.task.name === "adding" && sources.length > 0;
  const [says, target] = [known(trace.predictions[step]), known(trace.targets[step])];
  const near = adds && says !== null && target !== null && Math.abs(Number(says) - Number(target)) <= SUM_WITHIN;
  return {
    step: String(step),
    target: target !== null,
    finite: says !== null,
    known: sources.length > 0,
    adds,
    right: adds ? near : says === target,
    monotone: monotone(trace),
    says: symbol(trace, says),
    wanted: symbol(trace, target),
    what: trace.task.name === "recall" ? "value" : "symbol",
    source: sources.length ? String(sources[0]) : "–",
    sources: sources.join(" and "),
  };
}

/** What is not there, or not finite, is nothing. @param {Value | undefined} value */
const known = (value) => (value === undefined || value === null || Number.isNaN(value) ? null : value);

/** Whether all answers are the same symbol though they should not be. @param {Trace} trace */
function monotone({ true_sources, predictions, targets }) {
  const readers = Object.keys(true_sources).map(Number);
  const [said, due] = [predictions, targets].map((values) => new Set(readers.map((at) => String(known(values[at])))));
  return said.size === 1 && due.size > 1;
}

/** @param {Trace} trace @param {number} step @returns {Facts} */
function reading(trace, step) {
  const there = wantedMemories(trace, step);
  const read = readingsOf(trace, step);
  const finite = read.filter(({ weight }) => Number.isFinite(weight));
  const odd = finite.length < read.length;
  const [top, next] = finite;
  const alone = top !== undefined && !odd && top.weight > 0 && (next === undefined || next.weight < top.weight);
  return {
    reads: read.length > 0,
    all_zero: read.length > 0 && !odd && finite.every(({ weight }) => weight === 0),
    strongest: alone && there.has(top.source),
    rests: alone && top.source === -1,
    top_weight: top ? readable(top.weight, 3) : "–",
    hidden: trace.paths_hidden > 0,
    one_hidden: trace.paths_hidden === 1,
    paths_hidden: grouped(trace.paths_hidden),
    into_source: trace.edges.some(({ kind, credit, source }) => kind === "skip" && credit !== 0 && there.has(source)),
  };
}

/**
 * Facts of the story; the first of its readings is held against the others of its reader.
 * @param {Trace} trace @param {number} step @returns {Facts}
 */
function path(trace, step) {
  const found = storyPath(trace, step);
  const skips = found ? skipsOf(found) : [];
  if (!found || skips.length === 0) return Object.fromEntries(NO_STORY.map((name) => [name, false]));
  const [[reader, source]] = skips;
  const read = readingsOf(trace, reader);
  const own = read.find((one) => one.source === source)?.weight;
  const weight = own === undefined || Number.isNaN(own) ? null : own;
  const others = read.filter((one) => one.source !== source);
  const rivals = others.filter((one) => Number.isFinite(one.weight));
  return {
    story: true,
    one: skips.length === 1,
    read: Boolean(weight),
    odd: rivals.length < others.length,
    below: weight !== null && weight <= 0 && rivals.every((other) => other.weight <= weight),
    best: weight !== null && rivals.every((other) => other.weight < weight),
    tied: weight !== null && rivals.length > 0 && rivals[0].weight === weight,
    top: others.length ? named(others[0]) : "–",
    top_wanted:
      skips.length === 1 &&
      Boolean(weight) &&
      others.length > 0 &&
      [source, others[0].source].every((one) => wantedMemories(trace, reader).has(one)),
    count: COUNTS[skips.length] ?? String(skips.length),
    hops: told(trace, found, skips),
  };
}

/** @param {CreditPath} path @returns {Pair[]} */
const skipsOf = ({ steps, kinds }) =>
  kinds.flatMap((kind, at) => (kind === "skip" ? [/** @type {Pair} */ ([steps[at], steps[at + 1]])] : []));

/** @param {{source: number, weight: number}} reading */
const named = ({ source, weight }) =>
  `${source === -1 ? "the empty memory" : `step ${source}`} (${readable(weight, 3)})`;

/** @param {Trace} trace @param {CreditPath} path @param {Pair[]} skips */
function told(trace, path, skips) {
  // A sentence of many hops would push the pictures down; their steps say enough, and of very many the ends do.
  if (skips.length > LISTED_HOPS)
    return `the first ${skips[0].join(" → ")}, the last ${skips[skips.length - 1].join(" → ")}`;
  if (skips.length > TOLD_HOPS) return route(path);
  return skips.map(([reader, source]) => hop(trace, reader, source, skips.length === 1)).join(", ");
}

/** @param {Trace} trace @param {number} reader @param {number} source @param {boolean} alone */
function hop(trace, reader, source, alone) {
  const weight = readingsOf(trace, reader).find((reading) => reading.source === source)?.weight;
  if (!weight) return `step ${reader} compared itself with step ${source}, which has weight 0`;
  if (alone) {
    const hidden = shownEdges(trace).has(edgeName({ kind: "skip", reader, source })) ? "" : " (its arc is hidden)";
    return `step ${reader} read step ${source} with weight ${readable(weight, 3)}${hidden}`;
  }
  return `step ${reader} read step ${source} (weight ${readable(weight, 3)})`;
}

/** "40 → 34, locally to 32, 32 → 9": no step is left out without a word. @param {CreditPath} path */
function route({ steps, kinds }) {
  let said = String(steps[0]);
  kinds.forEach((kind, index) => {
    const at = steps[index + 1];
    if (kind === "skip") said += ` → ${at}`;
    else if (kinds[index + 1] === "skip") said += `, locally to ${at}, ${at}`;
  });
  return said;
}
