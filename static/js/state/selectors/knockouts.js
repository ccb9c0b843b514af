// What knocked-out arcs changed: the question without them, the arc a person means, and the numbers before and after.
// Pure; both sides are answers of the server, nothing is estimated here.

import { ownName } from "../../draw/figures/methods.js";
import { grouped, intervals, readable } from "../../draw/numbers.js";
import { baseTrace, chosenStep, isOutdated, probeKey, wantedProbe } from "../selectors.js";
import { story } from "../shown.js";
import { isOut } from "../reducers/arcs.js";
import { rightAt, symbol } from "../../wire/trace.js";
import { canAsk } from "./history.js";

/**
 * The same question with every arc in place; null when nothing is knocked out, or when a snapshot answers it.
 * @param {State} state
 * @returns {ProbeRequest | null}
 */
export function wantedBefore(state) {
  return state.knockouts.out.length ? wantedProbe({ ...state, knockouts: { ...state.knockouts, out: [] } }) : null;
}

/** @param {State} state @returns {Trace | null} the trace that the banner calls "before" */
export function beforeTrace(state) {
  if (state.knockouts.out.length === 0) return null;
  const wanted = wantedBefore(state);
  if (!wanted) return baseTrace(state);
  const { before } = state.knockouts;
  return before && before.key === probeKey(wanted) ? before.trace : null;
}

/**
 * Whether the answer from before has to be asked for; on a live run again with each new picture.
 * @param {State} state
 * @returns {ProbeRequest | null}
 */
export function beforeToAsk(state) {
  const wanted = wantedBefore(state);
  const { before, failedKey } = state.knockouts;
  const key = probeKey(wanted);
  if (!wanted || key === failedKey) return null;
  if (before?.key !== key) return wanted;
  const shown = state.probed?.trace;
  const older = shown && shown.knocked_out.length > 0 && isOutdated(state, before.trace.update);
  return older ? wanted : null;
}

/**
 * The arc that Delete would knock out: the chosen one, else the one from the chosen step to the chosen memory.
 * @param {State} state
 * @returns {{reader: number, source: number, weight: number, credit: number, out: boolean} | null}
 */
export function chosenArc(state) {
  const { trace } = story(state);
  const { memory } = state.choice;
  if (!trace || memory === null || memory < 0) return null;
  const step = chosenStep(state, trace);
  const { chosen, out } = state.knockouts;
  const wanted = /** @type {(Pair | null)[]} */ ([
    chosen && chosen[1] === memory ? chosen : null,
    step === null ? null : [step, memory],
  ]);
  for (const arc of wanted) {
    if (!arc) continue;
    const [reader, source] = arc;
    const edge = trace.edges.find((one) => one.kind === "skip" && one.reader === reader && one.source === source);
    if (isOut(out, arc)) return { reader, source, weight: 0, credit: 0, out: true };
    if (edge) return { reader, source, weight: edge.weight, credit: edge.credit, out: false };
  }
  return null;
}

/**
 * @typedef {{name: string, before: string, after: string}} Change
 * @typedef {{arcs: Pair[], exact: boolean, changes: Change[], why: string, caution: string}} Comparison
 */

/**
 * Numbers before and after, as a person reads them.
 * @param {State} state
 * @returns {Comparison | null} null when nothing is knocked out
 */
export function comparison(state) {
  const { out } = state.knockouts;
  if (out.length === 0) return null;
  const before = beforeTrace(state);
  const { trace: after, state: freshness } = story(state);
  const known = before && after && freshness === "live" && after.knocked_out.length === out.length;
  if (!known) return { arcs: out, exact: false, changes: [], why: "", caution: waiting(state, freshness) };
  const step = after.loss_step;
  const [, source] = out[out.length - 1];
  const reach = (/** @type {Trace} */ trace) => intervals(trace.reach.sab);
  const changes = [
    step === null
      ? change("whole loss", readable(before.loss, 3), readable(after.loss, 3))
      : change(`loss at step ${step}`, readable(before.loss_T[step], 3), readable(after.loss_T[step], 3)),
    ...(step === null ? [] : [change("says", said(before, step), said(after, step))]),
    ...(source >= 0
      ? [
          change(
            `${ownName(after)} gradient at step ${source}`,
            readable(before.gradient_norm.sab?.[source], 3),
            readable(after.gradient_norm.sab?.[source], 3),
          ),
        ]
      : []),
    ...(reach(before) === reach(after) ? [] : [change(`${ownName(after)} reaches`, reach(before), reach(after))]),
    ...(hitText(before) ? [change("hits", hitText(before), hitText(after))] : []),
  ];
  const moved = before.update !== after.update;
  return {
    arcs: out,
    exact: !moved,
    changes,
    why: moved ? "" : why(before, after, out),
    caution: moved
      ? `before is of update ${before.update}, after of update ${after.update}: the weights moved too; Pause to ` +
        "compare the same ones"
      : "",
  };
}

/**
 * What surprises in such numbers, explained where it can be seen in them.
 * @param {Trace} before
 * @param {Trace} after
 * @param {Pair[]} out
 */
function why(before, after, out) {
  const lost = Object.keys(before.hits).filter((reader) => before.hits[reader] && !after.hits[reader]).length;
  const [, source] = out[out.length - 1];
  const grown = (/** @type {Trace} */ trace) => trace.gradient_norm.sab?.[source] ?? NaN;
  const louder =
    after.loss_step !== null &&
    after.loss_T[after.loss_step] > before.loss_T[after.loss_step] &&
    grown(after) > grown(before);
  return [
    louder ? `The loss is larger, and so is its gradient at step ${source}, which comes over other edges.` : "",
    lost > out.length ? `${lost} readers that found their source miss it now.` : "",
  ]
    .filter(Boolean)
    .join(" ");
}

/** Why there is nothing to compare yet. @param {State} state @param {PanelState} freshness */
function waiting(state, freshness) {
  if (!canAsk(state))
    return (
      `not asked: the weights of update ${grouped(state.update ?? 0)} are not stored, so the arc is still drawn; ` +
      "go to the last update, or tick Follow"
    );
  return freshness === "error" ? "the answer could not be computed" : "computing …";
}

/** @param {string} name @param {string} before @param {string} after @returns {Change} */
const change = (name, before, after) => ({ name, before, after });

/** @param {Trace} trace @param {number} step */
function said(trace, step) {
  const says = symbol(trace, trace.predictions[step]);
  const right = rightAt(trace, step);
  return right === null ? says : `${says} ${right ? "✓" : "✗"}`;
}

/** @param {Trace} trace "10 of 10", or nothing where the task has no true sources */
export function hitText(trace) {
  const hits = Object.values(trace.hits).filter((hit) => hit !== null);
  return hits.length ? `${hits.filter(Boolean).length} of ${hits.length}` : "";
}
