// The path that tells the story of a trace: how credit hopped from the loss step to where its answer stood. Pure.

import { shownArcs } from "../../state/selectors/edges.js";
import { readingsOf } from "../../wire/trace.js";

/** Where the answer of a step stood; empty where that is not known. @param {Trace} trace @param {number} step */
export const sourcesOf = (trace, step) => trace.true_sources[String(step)] ?? [];

/**
 * Memories that hold what a step should say: the first at or after each true source, if written before it.
 * @param {Trace} trace @param {number} step
 */
export function wantedMemories(trace, step) {
  const memories = Array.from(trace.memories);
  const first = sourcesOf(trace, step).map((source) => memories.find((memory) => memory >= source));
  return new Set(first.filter((memory) => memory !== undefined && memory < step));
}

/**
 * The path that tells the story: a step that reads a true source itself, be its arc among those shown or not; else the
 * strongest path that hops to the first microstate at or after one, up to there; where no true source is known, the
 * strongest that hops.
 * @param {Trace} trace
 * @param {number} step
 * @returns {CreditPath | null}
 */
export function storyPath(trace, step) {
  const hopping = trace.paths.filter((path) => path.steps[0] === step && path.kinds.includes("skip"));
  if (sourcesOf(trace, step).length === 0) return hopping[0] ?? null;
  const direct = directTo(trace, step);
  if (direct) return { steps: [step, direct.source], kinds: ["skip"], strength: direct.credit };
  const wanted = wantedMemories(trace, step);
  const credit = new Map(trace.edges.map((edge) => [`${edge.kind} ${edge.reader} ${edge.source}`, edge.credit]));
  const told = hopping.flatMap((path) => upTo(path, wanted, credit));
  return told.sort((a, b) => (b.strength ?? 0) - (a.strength ?? 0) || a.steps.length - b.steps.length)[0] ?? null;
}

/**
 * The arc that picture and sentence both name: the first hop of the story if it is drawn, else the drawn one with the
 * most credit. Exports choose alike (`labelled` of app/export/story/path.py).
 * @param {Trace} trace
 * @returns {Edge | null} null where no arc is drawn
 */
export function toldArc(trace) {
  const arcs = shownArcs(trace).sort(byCredit);
  const path = trace.loss_step === null ? null : storyPath(trace, trace.loss_step);
  const hop = path ? path.kinds.indexOf("skip") : -1;
  const told = path && arcs.find((arc) => arc.reader === path.steps[hop] && arc.source === path.steps[hop + 1]);
  return told ?? arcs[0] ?? null;
}

/**
 * The most credit first, what is not finite last; of equals the latest reader, then its earliest memory.
 * @param {Pick<Edge, "credit" | "reader" | "source">} a @param {Pick<Edge, "credit" | "reader" | "source">} b
 */
export const byCredit = (a, b) => ranked(b.credit) - ranked(a.credit) || b.reader - a.reader || a.source - b.source;

/** @param {number} credit */
const ranked = (credit) => (Number.isFinite(credit) ? credit : -1);

/**
 * The strongest edge by which a step itself reads such a memory, and gradient comes back.
 * @param {Trace} trace @param {number} step
 */
function directTo(trace, step) {
  const wanted = wantedMemories(trace, step);
  const read = new Set(
    readingsOf(trace, step)
      .filter(({ source, weight }) => wanted.has(source) && weight > 0)
      .map(({ source }) => source),
  );
  const edges = trace.edges.filter(
    (edge) => edge.kind === "skip" && edge.reader === step && read.has(edge.source) && edge.credit > 0,
  );
  return edges.sort((a, b) => b.credit - a.credit)[0] ?? null;
}

/**
 * The beginning of a path up to its first hop to a wanted memory (a path may go on from there), with its own strength.
 * @param {CreditPath} path
 * @param {Set<number | undefined>} wanted
 * @param {Map<string, number>} credit
 * @returns {CreditPath[]}
 */
function upTo({ steps, kinds }, wanted, credit) {
  const hop = kinds.findIndex((kind, index) => kind === "skip" && wanted.has(steps[index + 1]));
  if (hop === -1) return [];
  const credits = kinds
    .slice(0, hop + 1)
    .map((kind, index) => credit.get(`${kind} ${steps[index]} ${steps[index + 1]}`) || 0);
  return [{ steps: steps.slice(0, hop + 2), kinds: kinds.slice(0, hop + 1), strength: Math.min(...credits) }];
}
