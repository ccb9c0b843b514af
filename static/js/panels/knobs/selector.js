// What a knob shows: the value in force, the one asked for, and why it cannot be turned. Pure.

import { fixedReason, nothingRead } from "../../draw/figures/methods.js";
import { FIELDS, PROBE_KNOBS, RISKY_RATE } from "../../wire/contract.js";
import { counted, knobText } from "../../draw/numbers.js";
import { isLive } from "../../state/selectors.js";
import { canAsk, isAway } from "../../state/selectors/history.js";
import { shownArcs } from "../../state/selectors/edges.js";
import { story } from "../../state/shown.js";

const isProbeKnob = (/** @type {string} */ name) => /** @type {readonly string[]} */ (PROBE_KNOBS).includes(name);
const AWAY = "the server does not answer";
const ONLOOKS = "only controllers turn the knobs of a run";
const NO_WEIGHTS = "no weights are stored at this update: go to one that has some, or to the newest";
/** What changes the prediction too. @param {KnobName} name */
const isForward = (name) => isProbeKnob(name) && !FIELDS[`model.${name}`].backward;

/**
 * @param {State} state
 * @param {KnobName} name
 * @returns {{value: number | null, inForce: number | null, pending: boolean, problem: string | null, disabled: boolean,
 *   note: string}}
 */
export function knobView(state, name) {
  const { pending, override, problems } = state.knobs;
  const inForce = valueInForce(state, name);
  const live = isLive(state);
  const asked = live ? pending[name]?.value : override[name];
  const problem = problems[name] ?? null;
  const fixed = fixedReason(methodOf(state), name);
  const unstored = !live && isProbeKnob(name) && !state.recorded && !canAsk(state);
  const away = isAway(state) && !state.recorded;
  const barred = live && state.onlooks;
  const disabled = fixed !== "" || (!live && !isProbeKnob(name)) || unstored || away || barred;
  return {
    value: asked ?? inForce,
    inForce,
    problem,
    disabled,
    pending: live && pending[name] !== undefined,
    note:
      problem ??
      (fixed ||
        (away ? AWAY : "") ||
        (barred ? ONLOOKS : "") ||
        (unstored ? NO_WEIGHTS : "") ||
        more(state, name, asked ?? inForce) ||
        risk(name, live, asked ?? inForce) ||
        note(name, {
          live,
          disabled,
          pending: pending[name] !== undefined,
          override: override[name],
          inForce,
          nothing: idle(state, name, asked ?? inForce),
        })),
  };
}

/** Whether there is an arc that k_top could take away. @param {State} state */
export function hasArcs(state) {
  const { trace } = story(state);
  return trace !== null && !knobView(state, "k_top").disabled && shownArcs(trace).length > 0;
}

/** The method of the network in view. @param {State} state */
const methodOf = (state) => story(state).trace?.parameters.method ?? state.run?.spec.model.method ?? "sab";

/** @param {KnobName} name @param {boolean} live @param {number | null} value */
const risk = (name, live, value) =>
  live && name === "learning_rate" && (value ?? 0) >= RISKY_RATE
    ? `${RISKY_RATE} or more loses a trained network within a few hundred updates; ` +
      "the weights of before are stored: Branch"
    : "";

/** More than there is to read. @param {State} state @param {KnobName} name @param {number | null} value */
function more(state, name, value) {
  const there = name === "k_top" ? story(state).trace?.memories : undefined;
  const memories = there?.length ?? 0;
  // Of the empty memory alone, k_att says that nothing is read.
  return Array.from(there ?? []).some((memory) => memory >= 0) && value !== null && value > memories
    ? `there ${memories === 1 ? "is" : "are"} only ${counted(memories, "memory", "memories")}: all are read`
    : "";
}

/**
 * Why such a value changes no prediction, once its picture is there: nothing is read.
 * @param {State} state @param {KnobName} name @param {number | null} value
 */
function idle(state, name, value) {
  const { trace } = story(state);
  const shown = isForward(name) && trace !== null && numberNamed({ ...trace.parameters }, name) === value;
  return shown ? nothingRead(trace) : "";
}

/** @param {State} state @param {KnobName} name @returns {number | null} */
export function valueInForce(state, name) {
  const own = state.run?.parameters?.[name];
  if (own !== undefined && own !== null) return own;
  const preset = state.presets?.find((one) => one.name === state.target?.id);
  const planned = preset && numberNamed({ ...preset.spec.training, ...preset.spec.model }, name);
  return planned ?? numberNamed({ ...story(state).trace?.parameters }, name);
}

/** @param {{[name: string]: unknown}} table @param {KnobName} name @returns {number | null} */
function numberNamed(table, name) {
  const value = table[name];
  return typeof value === "number" ? value : null;
}

/**
 * @param {KnobName} name
 * @param {{live: boolean, disabled: boolean, pending: boolean, inForce: number | null, override: number | undefined,
 *   nothing: string}} knob `nothing` says that such a value leaves nothing to read, or is empty
 */
function note(name, { live, disabled, pending, inForce, override, nothing }) {
  if (pending) return `pending; in force: ${knobText(name, inForce)}`;
  if (disabled) return "acts while a run trains";
  if (live || override === undefined || override === inForce) return nothing;
  const also = nothing || (isForward(name) ? "changes the prediction too" : "only the backward pass changes");
  return `same weights; ${also}; trained with ${knobText(name, inForce)}`;
}
