// What a knob would do, at once and without the server: on the scores that came with the trace, hidden states as they
// were. Only what can be known is previewed: a smaller k_top, other cuts, which memories a wider k_att leaves. The
// exact answer replaces it. Pure.

import { cutsOf } from "../cutting.js";

const TINY = 1e-8;

/**
 * @param {Trace} trace
 * @param {Partial<Record<ProbeKnob, number>>} knobs
 * @returns {Trace | null} null when the knobs ask for something that only the server can know
 */
export function previewTrace(trace, knobs) {
  const { parameters } = trace;
  const { k_top = parameters.k_top, k_trunc = parameters.k_trunc ?? 0, k_att = parameters.k_att } = knobs;
  const fewer = k_top < parameters.k_top;
  const wider = k_att !== parameters.k_att;
  if (k_top > parameters.k_top || k_top < 0 || k_trunc < 0 || ![k_top, k_trunc, k_att].every(Number.isInteger))
    return null;
  if (fewer && (trace.attention.score.length === 0 || parameters.variant !== "paper")) return null;
  if (wider && (k_att < 1 || k_att % parameters.k_att !== 0)) return null;
  const memories = wider
    ? Array.from(trace.memories).filter((step) => step < 0 || (step + 1) % k_att === 0)
    : trace.memories;
  const there = wider ? only(trace.attention, new Set(Array.from(memories))) : trace.attention;
  const attention = fewer ? sparser(there, k_top, parameters.normalizer) : there;
  const cuts = k_trunc === (parameters.k_trunc ?? 0) ? trace.cuts : cutsOf(trace, k_trunc);
  const read = new Set(Array.from(attention.reader, (reader, index) => `${reader} ${attention.source[index]}`));
  const cut = new Set(Array.from(cuts));
  const edges = trace.edges.filter((edge) =>
    edge.kind === "skip" ? !(fewer || wider) || read.has(`${edge.reader} ${edge.source}`) : !cut.has(edge.reader),
  );
  const left = new Set(edges.map((edge) => `${edge.kind} ${edge.reader} ${edge.source}`));
  const paths = trace.paths.filter((path) =>
    path.kinds.every((kind, hop) => left.has(`${kind} ${path.steps[hop]} ${path.steps[hop + 1]}`)),
  );
  return { ...trace, parameters: { ...parameters, k_top, k_trunc, k_att }, memories, attention, cuts, edges, paths };
}

/**
 * A preview that no exact answer will replace: what only the network could know is taken out of it, and it says so.
 * @param {Trace} shown as previewed @param {Trace} trace before
 * @param {Partial<Record<ProbeKnob, number>>} knobs that were turned
 * @returns {Trace}
 */
export function lastingPreview(shown, trace, knobs) {
  const backward = { reach: { full: trace.reach.full ?? [] }, gradient_norm: of(trace.gradient_norm, "full") };
  const cell = { gradient_norm_cell: of(trace.gradient_norm_cell, "full") };
  const forward = {
    ...{ predictions: trace.predictions.map(() => null), loss_T: [], loss: null, metrics: {} },
    ...{ hits: {}, hit_rate: null, reach: {}, gradient_norm: {}, gradient_norm_cell: {} },
  };
  return {
    ...shown,
    ...(knobs.k_top !== undefined || knobs.k_att !== undefined ? forward : { ...backward, ...cell }),
    skip_credit: null,
    preview: knobs,
  };
}

/** One rule of a table, where it has it. @template C @param {{[rule: string]: C}} table @param {string} rule */
const of = (table, rule) => (table[rule] === undefined ? {} : { [rule]: table[rule] });

/**
 * The readings of memories that still exist, weights as they were.
 * @param {Trace["attention"]} attention
 * @param {Set<number>} memories
 */
function only(attention, memories) {
  const kept = Array.from(attention.source, (source, index) => (memories.has(source) ? index : -1)).filter(
    (index) => index >= 0,
  );
  const pick = (/** @type {Column} */ column) => (column.length ? kept.map((index) => column[index]) : []);
  return {
    reader: pick(attention.reader),
    source: pick(attention.source),
    weight: pick(attention.weight),
    score: pick(attention.score),
  };
}

/**
 * @param {Trace["attention"]} attention
 * @param {number} k_top
 * @param {string} normalizer
 * @returns {Trace["attention"]}
 */
function sparser({ reader, source, weight, score }, k_top, normalizer) {
  /** @type {Map<number, number[]>} */
  const rows = new Map();
  Array.from(reader).forEach((step, index) => rows.set(step, [...(rows.get(step) ?? []), index]));
  /** @type {{reader: number[], source: number[], weight: number[], score: number[]}} */
  const out = { reader: [], source: [], weight: [], score: [] };
  for (const [step, row] of rows) {
    const ranked = row.sort((a, b) => score[b] - score[a] || source[a] - source[b]);
    const kept = ranked.slice(0, k_top);
    const weights =
      ranked.length <= k_top
        ? kept.map((index) => weight[index])
        : normalised(
            kept.map((index) => score[index]),
            score[ranked[k_top]],
            normalizer,
          );
    kept.forEach((index, place) => {
      out.reader.push(step);
      out.source.push(source[index]);
      out.weight.push(weights[place]);
      out.score.push(score[index]);
    });
  }
  return out;
}

/**
 * @param {number[]} scores chosen
 * @param {number} threshold the largest that is not chosen
 * @param {string} normalizer
 */
function normalised(scores, threshold, normalizer) {
  const parts =
    normalizer === "softmax"
      ? scores.map((score) => Math.exp(score - Math.max(...scores)))
      : scores.map((score) => Math.max(score - threshold, 0));
  const total = parts.reduce((sum, part) => sum + part, 0) + (normalizer === "softmax" ? 0 : TINY);
  return parts.map((part) => part / total);
}
