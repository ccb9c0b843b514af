// What a file says about itself: network, update, example, configuration; key by key as app/export/content/caption.py.
// Pure.

import { grouped, knobText } from "../draw/numbers.js";
import { taskWords } from "../draw/task_words.js";
import { CARRIED, EACH_ALONE, KNOBS, PROBE_KNOBS, READS } from "../wire/contract.js";

/** What gradients are of where they are not of h, as in app/export/content/caption.py. */
const CELL = "cell state c";

/**
 * @param {PagePanel} panel
 * @param {Trace} trace
 * @param {Spec | null} spec of the run or preset
 * @param {boolean} cell whether gradients of c are drawn
 * @returns {Caption}
 */
export function traceCaption(panel, trace, spec, cell = false) {
  return {
    panel,
    ...origin(trace, spec),
    update: trace.update,
    example: trace.own ? "own input" : trace.example,
    "loss step": trace.loss_step === null ? "whole loss" : trace.loss_step,
    ...(cell && panel === "gradients" ? { "gradient of": CELL } : {}),
    ...configuration(spec, trace.task, trace.parameters),
    ...(trace.versus ? { baseline: trace.versus.name, columns: "weight − baseline = difference" } : {}),
    ...(trace.knocked_out.length ? { "knocked out": trace.knocked_out.map((arc) => arc.join(" → ")).join(", ") } : {}),
    ...(trace.nonfinite ? { "non-finite numbers": trace.nonfinite } : {}),
  };
}

/**
 * @param {string} id of a run, or of a preset
 * @param {Metrics} metrics
 * @param {Spec | null} spec
 * @param {Target["kind"]} kind
 * @param {Partial<Wire.RunParameters> | null} inForce the knobs of the run as it is now
 * @param {PagePanel} panel curves or health
 * @returns {Caption}
 */
export function metricsCaption(
  id,
  metrics,
  spec,
  kind = "run",
  inForce = null,
  panel = /** @type {PagePanel} */ ("curves"),
) {
  const update = metrics.update.length ? metrics.update[metrics.update.length - 1] : 0;
  const knobs = turnedKnobs(spec, inForce);
  return { panel, ...origin({ [kind]: id }, spec), update, ...configuration(spec, null, knobs) };
}

/**
 * The knobs in force when they are not those of the spec (app/runs/named.py).
 * @param {Spec | null} spec
 * @param {Partial<Wire.RunParameters> | null} inForce
 * @returns {Partial<Wire.RunParameters> | null}
 */
function turnedKnobs(spec, inForce) {
  /** @type {Record<string, unknown>} */
  const named = { ...spec?.model, ...spec?.training };
  const said = KNOBS.flatMap((name) => (inForce?.[name] === undefined ? [] : [[name, inForce[name]]]));
  return said.every(([name, value]) => named[String(name)] === value) ? null : Object.fromEntries(said);
}

/** One line below a picture, or on top of a printed page. @param {State} state @param {Caption} caption */
export function captionLine(state, caption) {
  const { task, model, training } = caption.config ?? {};
  // What the trace was made with, be it another than the spec has; of a training, phase is a word.
  const knobs = /** @type {Partial<Wire.TraceParameters> | undefined} */ (caption.config?.["in force"] ?? model);
  const { example, "loss step": step } = caption;
  const words = [
    caption.name ?? state.target?.id,
    task && taskWords(task),
    task && delayWords(task),
    task && readingWords(task),
    knobs?.method ?? model?.method,
    `update ${grouped(caption.update ?? 0)}`,
    typeof example === "string" ? example : example !== undefined && `example ${example}`,
    typeof step === "string" ? step : step !== undefined && `loss step ${step}`,
    caption["gradient of"] && `gradient of ${caption["gradient of"]}`,
    caption.baseline && `minus ${caption.baseline}`,
    caption["knocked out"] && `knocked out ${caption["knocked out"]}`,
    caption.seed !== undefined && `seed ${caption.seed}`,
    caption.variant,
    (training?.sum_floor ?? 0) > 0 && `trained with Σr ≥ ${training?.sum_floor} in the backward pass`,
    ...PROBE_KNOBS.map((name) => {
      const value = knobs?.[name];
      return value !== undefined && `${name} ${knobText(name, value)}`;
    }),
    knobs && cutWords(knobs),
  ];
  return words.filter((word) => word !== undefined && word !== false && word !== null).join(" · ");
}

/** How the local gradient is cut, where not in blocks of phase 0. @param {Partial<Wire.TraceParameters>} knobs */
function cutWords({ k_trunc, cuts, phase }) {
  if (!k_trunc) return false;
  if (cuts === "window") return "one cut, k_trunc steps back from the loss";
  return typeof phase === "number" && phase > 0 && `cuts moved by ${phase}`;
}

/** What the network in view was trained with, where it is known. @param {State} state @returns {Spec | null} */
export function specOf(state) {
  return state.run?.spec ?? state.presets?.find((preset) => preset.name === state.target?.id)?.spec ?? null;
}

/**
 * What a network trained on that one length does not tell of; nothing for one fixed delay.
 * @param {{T?: number, T_min?: number | null}} task
 */
function delayWords({ T, T_min: shortest }) {
  return isSaid(shortest) && shortest !== T && `delays ${shortest}–${T} mixed`;
}

/**
 * How a network that reads a text was trained, where that is known; a picture shows a window with nothing before it.
 * @param {{name?: string, carry?: boolean}} task
 */
function readingWords({ name, carry }) {
  return READS[name ?? ""] === "text" && carry !== undefined && (carry ? `trained with ${CARRIED}` : EACH_ALONE);
}

/**
 * @param {{run?: string | null, preset?: string | null, checkpoint?: string | null}} trace @param {Spec | null} spec
 */
function origin(trace, spec) {
  const { run, preset, checkpoint } = trace;
  return {
    ...(isSaid(run) ? { run } : {}),
    ...(isSaid(preset) ? { preset } : {}),
    ...(isSaid(checkpoint) ? { checkpoint } : {}),
    ...(spec?.name ? { name: spec.name } : {}),
  };
}

/** @template V @param {V | null | undefined} value @returns {value is V} */
const isSaid = (value) => value !== null && value !== undefined;

/**
 * @param {Spec | null} spec @param {Trace["task"] | null} task
 * @param {Trace["parameters"] | Partial<Wire.RunParameters> | null} parameters
 */
function configuration(spec, task, parameters) {
  const known = spec?.task ?? task;
  const config = {
    ...(known && Object.keys(known).length ? { task: known } : {}),
    ...(spec?.model ? { model: spec.model } : {}),
    ...(spec?.training ? { training: spec.training } : {}),
    ...(parameters && Object.keys(parameters).length ? { "in force": parameters } : {}),
  };
  const seed = spec?.training?.seed;
  const variant = parameters?.variant || spec?.model?.variant;
  return {
    ...(seed !== null && seed !== undefined ? { seed } : {}),
    ...(variant ? { variant } : {}),
    ...(Object.keys(config).length ? { config } : {}),
  };
}
