// This network minus the baseline: attention weights subtracted cell by cell, or the reason
// why that would mean nothing. Pure.

import { say } from "../../draw/say.js";
import { BASELINE, UNLIKE } from "../claims.js";
import { distinctNames, hasPicture } from "./runs.js";

/**
 * The trace that the baseline still lacks for the example in view; a run that has none yet is not asked.
 * @param {State} state
 * @returns {{target: Target, example: number} | null}
 */
export function wantedBaseline(state) {
  const { baseline, example, target } = state;
  if (!baseline || !target || baseline.trace?.example === example || !hasPicture(state, baseline.target)) return null;
  return { target: baseline.target, example };
}

/** What a network is called. @param {State} state @param {Target} target */
export function nameOf({ runs, presets }, target) {
  const run = target.kind === "run" ? distinctNames(runs).get(target.id) : null;
  const preset = target.kind === "preset" ? presets?.find((one) => one.name === target.id) : null;
  return run || preset?.title || target.id;
}

/**
 * Why the two cannot be laid over one another, in words; empty where they can.
 * @param {Trace} trace
 * @param {Trace} base
 * @param {string} name of the baseline
 */
export const unlike = (trace, base, name) => say(UNLIKE, unlikeFacts(trace, base, name));

/** @param {Trace} trace @param {Trace} base @param {string} name @returns {import("../../draw/say.js").Facts} */
export function unlikeFacts(trace, base, name) {
  const task = (/** @type {Trace} */ one) => `${one.task.name} with ${one.steps} steps`;
  return {
    ...{ name, theirs: task(base), ours: task(trace), same_task: task(trace) === task(base) },
    same_inputs: JSON.stringify(trace.inputs) === JSON.stringify(base.inputs),
  };
}

/**
 * @type {{trace: Trace | null, base: Trace | null, merged: Trace | null}}
 *   one answer is kept, so that it keeps its identity
 */
let last = { trace: null, base: null, merged: null };

/**
 * A trace whose attention weights are differences; a memory that only one of them has counts as 0 in the other.
 * @param {Trace} trace
 * @param {Trace} base
 * @param {string} name
 * @returns {Trace}
 */
export function differenceTrace(trace, base, name) {
  if (last.trace === trace && last.base === base && last.merged?.versus?.name === name) return last.merged;
  /** @type {Map<string, {reader: number, source: number, own: number, base: number}>} */
  const cells = new Map();
  const cell = (/** @type {number} */ reader, /** @type {number} */ source) => {
    const key = `${reader} ${source}`;
    const known = cells.get(key) ?? { reader, source, own: 0, base: 0 };
    cells.set(key, known);
    return known;
  };
  for (const [from, side] of /** @type {const} */ ([
    [trace, "own"],
    [base, "base"],
  ])) {
    const { reader, source, weight } = from.attention;
    for (let index = 0; index < reader.length; index += 1) cell(reader[index], source[index])[side] = weight[index];
  }
  const all = [...cells.values()];
  const memories = [...new Set([...Array.from(trace.memories), ...Array.from(base.memories)])].sort((a, b) => a - b);
  const merged = {
    ...trace,
    memories,
    attention: {
      reader: all.map((one) => one.reader),
      source: all.map((one) => one.source),
      weight: all.map((one) => one.own - one.base),
      score: [],
    },
    versus: { name, own: all.map((one) => one.own), base: all.map((one) => one.base) },
  };
  last = { trace, base, merged };
  return merged;
}

/**
 * What the attention panel draws.
 * @param {State} state
 * @param {Trace} trace
 * @returns {{trace: Trace, message: string}} a message stands where a picture would mean nothing
 */
export function compared(state, trace) {
  const { difference, baseline } = state;
  if (!difference || !baseline) return { trace, message: "" };
  const none = say(BASELINE, baselineFacts(state, trace));
  if (none || !baseline.trace) return { trace, message: none };
  // What is known is alike: it is looked at once, not every frame.
  const known = last.trace === trace && last.base === baseline.trace;
  const message = known ? "" : unlike(trace, baseline.trace, baseline.name);
  return { trace: message ? trace : differenceTrace(trace, baseline.trace, baseline.name), message };
}

/** Why there is no trace of the baseline. @param {State} state @param {Trace} trace that it is to be laid over */
export function baselineFacts(state, trace) {
  const { baseline } = state;
  return {
    ...{ problem: baseline?.problem?.detail ?? "", name: baseline?.name ?? "", there: Boolean(baseline?.trace) },
    pictured: baseline !== null && hasPicture(state, baseline.target),
    asked_for: !trace.own && baseline?.trace?.example !== trace.example && wantedBaseline(state) !== null,
  };
}

/** Whether the baseline learns what the network in view learns, as far as is known. @param {State} state */
export function sameTask({ baseline, run, presets, target }) {
  const preset = target?.kind === "preset" ? presets?.find((one) => one.name === target.id) : null;
  const own = run?.spec.task.name ?? preset?.spec.task.name;
  return own === undefined || !baseline?.trace || baseline.trace.task.name === own;
}

/** Whether the baseline is the network in view. @param {Pick<State, "baseline" | "target">} state */
export const isItself = ({ baseline, target }) =>
  baseline !== null && baseline.target.kind === target?.kind && baseline.target.id === target.id;

/** The curves to lay over those in view, or nothing: a network is not compared with itself. @param {State} state */
export function baselineCurves(state) {
  const { baseline } = state;
  if (!baseline?.metrics?.update.length || !sameTask(state) || isItself(state)) return null;
  return { name: baseline.name, metrics: baseline.metrics };
}
