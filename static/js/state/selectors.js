// Which trace is shown, how fresh it is, and what must be asked for. Pure functions of the state, no DOM.

import { DEFAULT_SHARE, PROBE_KNOBS } from "../wire/contract.js";
import { canAsk, presetInView } from "./selectors/history.js";
import { cuttingAsked } from "./cutting.js";
import { ownInput, taskOf } from "./selectors/own/input.js";

const LIVE = new Set(["queued", "running", "paused"]);

/** Whether a run is in view that obeys commands. @param {State} state */
export function isLive(state) {
  return state.run !== null && LIVE.has(state.run.status);
}

/**
 * The trace that came without asking: the newest snapshot, or the stored one the scrubber stands on.
 * @param {State} state
 * @returns {Trace | null}
 */
export function baseTrace(state) {
  return state.follow ? state.live : state.stored;
}

/**
 * The probe that the view needs, or null when a snapshot already shows it.
 * @param {State} state
 * @returns {ProbeRequest | null}
 */
export function wantedProbe(state) {
  const { target, choice, example, share } = state;
  const { out } = state.knockouts;
  const inputs = ownInputs(state);
  if (!target || !canAsk(state)) return null;
  const override = { ...(isLive(state) ? {} : overrides(state)), ...cuttingAsked(state) };
  /** @type {ProbeRequest} */
  const request = {
    [target.kind]: target.id,
    example,
    share,
    ...override,
    ...(out.length ? { knocked_out: out } : {}),
    ...(inputs ? { inputs } : {}),
  };
  // Left out, the server takes the step that tells the task's story, as every snapshot does.
  const step = choice.whole ? null : (choice.step ?? undefined);
  if (step !== undefined) request.loss_step = step;
  if (target.kind !== "run") return probedAnyway(state, request);
  const base = baseTrace(state);
  if (!base) return null;
  const sameLoss = step === undefined || step === base.loss_step;
  if (
    sameLoss &&
    example === base.example &&
    share === DEFAULT_SHARE &&
    out.length === 0 &&
    !inputs &&
    Object.keys(override).length === 0
  )
    return null;
  if (!state.follow && state.update !== null) request.update = state.update;
  return request;
}

/**
 * The last snapshot of a stored network shows what its own weights would answer.
 * @param {State} state
 * @param {ProbeRequest} request
 */
function probedAnyway(state, request) {
  const plain = request.loss_step === undefined && request.example === 0 && request.share === DEFAULT_SHARE;
  const untouched =
    request.knocked_out === undefined &&
    request.inputs === undefined &&
    request.k_top === undefined &&
    request.k_trunc === undefined &&
    request.k_att === undefined &&
    request.phase === undefined &&
    request.cuts === undefined;
  return !state.follow && state.update === presetInView(state)?.update && plain && untouched ? null : request;
}

/** The sequence a person typed, when it suits the task. @param {State} state */
function ownInputs(state) {
  const task = state.own === null ? null : taskOf(state);
  return task && state.own !== null ? ownInput(task, state.own).inputs : null;
}

/** @param {State} state @returns {Partial<Record<ProbeKnob, number>>} */
function overrides(state) {
  const entries = PROBE_KNOBS.filter((name) => state.knobs.override[name] !== undefined).map((name) => [
    name,
    state.knobs.override[name],
  ]);
  return Object.fromEntries(entries);
}

/** What tells questions apart. @param {ProbeRequest} request */
export const questionKey = (request) => JSON.stringify(request);

/** @param {ProbeRequest | null} request */
export const probeKey = (request) => (request ? questionKey(request) : null);

/**
 * Whether the probe driver has to ask now.
 * @param {State} state
 * @returns {ProbeRequest | null}
 */
export function probeToAsk(state) {
  const wanted = wantedProbe(state);
  const key = probeKey(wanted);
  if (!wanted || key === state.probe.failedKey) return null;
  if (state.probed?.key !== key) return wanted;
  return isOutdated(state, state.probed.trace.update) ? wanted : null;
}

/**
 * Whether an answer about a run that is followed is of weights before those of its newest picture.
 * @param {State} state @param {number} update of the answer
 */
export const isOutdated = (state, update) =>
  state.follow && isLive(state) && state.live !== null && state.live.update > update;

/**
 * Which weights a question will meet, as far as a reset changes them: an answer that was on its way is not of the new
 * ones.
 * @param {State} state
 */
export const attemptOf = ({ target, run }) => JSON.stringify([target, run?.attempt]);

/**
 * The stored snapshot that the scrubber stands on; the newest one comes by itself with the subscription.
 * @param {State} state
 * @returns {{target: Target, update: number} | null}
 */
export function wantedSnapshot({ target, follow, update, stored, snapshots }) {
  if (!target || follow || update === null || stored?.update === update || !snapshots.includes(update)) return null;
  return { target, update };
}

/** @param {Target | null} target @param {Trace | undefined | null} trace */
export function isOf(target, trace) {
  return Boolean(target && trace && trace[target.kind] === target.id);
}

/**
 * The step everything is about: the chosen one, else the loss step of the trace.
 * @param {State} state
 * @param {Trace | null} trace
 */
export function chosenStep(state, trace) {
  if (state.choice.step !== null) return trace ? Math.min(state.choice.step, trace.steps - 1) : state.choice.step;
  return trace?.loss_step ?? null;
}
