// What knocked-out arcs changed: the question without them, the arc a person means, and the numbers before and after.
// Pure; both sides are answers of the server, nothing is estimated here.

import { ownName } from "../../draw/figures/methods.js";
import { grouped, intervals, readable } from "../../draw/numbers.js";
import { baseTrace, chosenStep, isOutdated, probeKey, wantedProbe } from "../selectors.js";
import { story } from "../shown.js";
import { isOut } from "../reducers/arcs.js";
import { rightAt, symbol } from "../../wire/trace.js";
import { joined, say } from "../../draw/say.js";
import { LOUDER, MISSED, WAITING } from "../claims.js";
import { canAsk } from "./history.js";

/** Of a number in float32 all that can differ. */
const MOST_DIGITS = 9;

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
  const norm = (/** @type {Trace} */ trace) => trace.gradient_norm.sab?.[source];
  const changes = [
    step === null
      ? measured("whole loss", before.loss, after.loss)
      : measured(`loss at step ${step}`, before.loss_T[step], after.loss_T[step]),
    ...(step === null ? [] : [says(before, after, step)]),
    ...(source >= 0 ? [measured(`${ownName(after)} gradient at step ${source}`, norm(before), norm(after))] : []),
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
      ? `before is of update ${grouped(before.update)}, after of update ${grouped(after.update)}: the weights moved ` +
        "too; Pause to compare the same ones"
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
  const facts = surprises(before, after, out);
  return joined([say(LOUDER, facts), say(MISSED, facts)]);
}

/** @param {Trace} before @param {Trace} after @param {Pair[]} out @returns {import("../../draw/say.js").Facts} */
export function surprises(before, after, out) {
  const missed = Object.keys(before.hits).filter(
    (reader) => before.hits[reader] && after.hits[reader] === false,
  ).length;
  const [, source] = out[out.length - 1];
  const norm = (/** @type {Trace} */ trace) => trace.gradient_norm.sab?.[source] ?? NaN;
  const at = after.loss_step;
  return {
    lossier: at !== null && after.loss_T[at] > before.loss_T[at],
    ...{ steeper: norm(after) > norm(before), source: String(source) },
    ...{ more_missed: missed > out.length, missed: String(missed) },
  };
}

/** Why there is nothing to compare yet. @param {State} state @param {PanelState} freshness */
const waiting = (state, freshness) => say(WAITING, waitingFacts(state, freshness));

/** @param {State} state @param {PanelState} freshness @returns {import("../../draw/say.js").Facts} */
export function waitingFacts(state, freshness) {
  const { failedKey } = state.knockouts;
  return {
    ...{ can_ask: canAsk(state), refused: freshness === "error", update: grouped(state.update ?? 0) },
    before_refused: failedKey !== null && beforeTrace(state) === null && failedKey === probeKey(wantedBefore(state)),
  };
}

/** @param {string} name @param {string} before @param {string} after @returns {Change} */
const change = (name, before, after) => ({ name, before, after });

/**
 * Two numbers with so many digits that they differ, unless they are the same: rounded alike is not unchanged.
 * @param {string} name @param {number | null | undefined} before @param {number | null | undefined} after
 */
function measured(name, before, after) {
  let digits = 3;
  while (digits < MOST_DIGITS && before !== after && readable(before, digits) === readable(after, digits)) digits += 1;
  return change(name, readable(before, digits), readable(after, digits));
}

/**
 * What the network says at a step, and whether it is right.
 * @param {Trace} before @param {Trace} after @param {number} step
 */
function says(before, after, step) {
  const answers = [before, after].map((trace) => trace.predictions[step]);
  if (answers.some((answer) => typeof answer === "number" && !Number.isInteger(answer)))
    return measured("says", .../** @type {[number, number]} */ (answers));
  const [first, then] = [before, after].map((trace) => {
    const right = rightAt(trace, step);
    return `${symbol(trace, trace.predictions[step])}${right === null ? "" : right ? " ✓" : " ✗"}`;
  });
  return change("says", first, then);
}

/** @param {Trace} trace "10 of 10", or nothing where the task has no true sources */
export function hitText(trace) {
  const hits = Object.values(trace.hits).filter((hit) => hit !== null);
  return hits.length ? `${hits.filter(Boolean).length} of ${hits.length}` : "";
}
