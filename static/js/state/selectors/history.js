// Where in its training a network is looked at: the update in view, what can still be asked there, the next one to
// play. Pure.

import { grouped, readable } from "../../draw/numbers.js";
import { say } from "../../draw/say.js";
import { HISTORY } from "../claims.js";
import { cuttingAsked } from "../cutting.js";

const LIVE = new Set(["queued", "running", "paused"]);
const PLAY_MS = 16_000;
const FASTEST_MS = 90;
const SLOWEST_MS = 420;

/** The update that the scrubber stands on; null while Follow is on. @param {State} state */
export const scrubbed = (state) => (state.follow ? null : state.update);

/**
 * Whether the network itself can be asked at the update in view: it is the newest, or its checkpoint is stored.
 * @param {State} state
 */
export function canAsk(state) {
  if (state.follow || state.update === null || state.target?.kind === "checkpoint") return true;
  if (state.target?.kind === "preset") return state.update === presetInView(state)?.update;
  if (state.run && LIVE.has(state.run.status) && state.run.update === state.update) return true;
  return state.networks.includes(state.update);
}

/** The link is lost and nothing else answers. @param {State} state */
export const isAway = ({ link }) => link.away;

/** Nobody there to ask: a recording, or a server that is away. @param {State} state */
export const isAlone = (state) => state.recorded !== null || isAway(state);

/**
 * The knobs in force after an update, as far as they are known: those at the end, or those of the start with every
 * change up to there.
 * @param {Pick<State, "run" | "marks" | "follow" | "update">} state @param {number} update
 * @returns {Partial<Wire.RunParameters>}
 */
export function knobsAt({ run, marks, follow, update: shown }, update) {
  if (follow || shown === null) return run?.parameters ?? {};
  const { model, training } = run?.spec ?? {};
  return Object.assign(
    {},
    model,
    training,
    ...marks.filter((mark) => mark.update <= update).map((mark) => mark.parameters),
  );
}

/** @param {State} state */
export function presetInView(state) {
  return state.target?.kind === "preset" ? (state.presets?.find((one) => one.name === state.target?.id) ?? null) : null;
}

/**
 * What the training of a preset came to: "6 000 updates, accuracy 0.3395", or nothing.
 * @param {Preset} preset
 * @param {number} digits of the accuracy
 */
export function trainedFigures({ update, metrics }, digits) {
  const accuracy = metrics?.accuracy;
  return [
    update ? `${grouped(update)} updates` : "",
    typeof accuracy === "number" ? `accuracy ${readable(accuracy, digits)}` : "",
  ]
    .filter(Boolean)
    .join(", ");
}

/**
 * Which weights a probe would meet, as a key; null while they move by themselves.
 * @param {State} state
 * @returns {string | null}
 */
export function weightsKey({ target, run, follow, update }) {
  if (!target) return null;
  if (target.kind !== "run") return `${target.kind} ${target.id}`;
  if (!run || (follow && (run.status === "running" || run.status === "queued"))) return null;
  return JSON.stringify([run.id, run.attempt, run.params_version, follow ? run.update : update]);
}

/**
 * Why the picture does not show what was asked for, in words, or nothing.
 * @param {State} state
 * @returns {string}
 */
export const historyNote = (state) => say(HISTORY, historyFacts(state));

/** @param {State} state @returns {import("../../draw/say.js").Facts} */
export function historyFacts(state) {
  const { choice, stored, example, own, networks, knobs, knockouts, update } = state;
  const otherStep = choice.whole
    ? stored?.loss_step !== null
    : choice.step !== null && choice.step !== stored?.loss_step;
  const turned = Object.keys({ ...knobs.override, ...cuttingAsked(state) }).length > 0;
  const other = otherStep || example !== stored?.example || own !== null || knockouts.out.length > 0 || turned;
  return {
    ...{ can_ask: canAsk(state), differs: stored !== null && other, update: grouped(update ?? 0) },
    loss: stored?.loss_step === null ? "the whole loss" : `the loss at step ${stored?.loss_step}`,
    example: String(stored?.example),
    near: networks.length > 0 && grouped(closest(networks, update ?? 0)),
  };
}

/** @param {number[]} updates @param {number} wanted */
const closest = (updates, wanted) =>
  updates.reduce((best, one) => (Math.abs(one - wanted) < Math.abs(best - wanted) ? one : best));

/**
 * The snapshot that playback shows next, and how long the present one stays.
 * @param {number[]} updates rising
 * @param {number | null} now the update in view; null or the last one begins from the start
 * @returns {{update: number, wait: number} | null} null at the end
 */
export function nextToPlay(updates, now) {
  const wait = Math.min(Math.max(PLAY_MS / Math.max(updates.length, 1), FASTEST_MS), SLOWEST_MS);
  const stride = Math.max(Math.round((updates.length * FASTEST_MS) / PLAY_MS), 1);
  const index = updates.findIndex((one) => one > (now ?? -1));
  if (index === -1) return null;
  return { update: updates[Math.min(index + stride - 1, updates.length - 1)], wait };
}
