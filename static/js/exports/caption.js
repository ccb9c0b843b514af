// What a file says about itself: network, update, example, configuration; key by key as app/export/caption.py. Pure.

/**
 * @param {PagePanel} panel
 * @param {Trace} trace
 * @param {Spec | null} spec of the run or preset
 * @returns {Record<string, any>}
 */
export function traceCaption(panel, trace, spec) {
  return {
    panel,
    ...origin(trace, spec),
    update: trace.update,
    example: trace.own ? "own input" : trace.example,
    "loss step": trace.loss_step === null ? "whole loss" : trace.loss_step,
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
 * @returns {Record<string, any>}
 */
export function metricsCaption(id, metrics, spec, kind = "run") {
  const update = metrics.update.length ? metrics.update[metrics.update.length - 1] : 0;
  return { panel: "curves", ...origin({ [kind]: id }, spec), update, ...configuration(spec, null, null) };
}

/** @param {{run?: string | null, preset?: string | null, checkpoint?: string | null}} trace @param {Spec | null} spec */
function origin(trace, spec) {
  const named = /** @type {const} */ (["run", "preset", "checkpoint"]).flatMap((key) => {
    const value = trace[key];
    return value === null || value === undefined ? [] : [[key, value]];
  });
  return { ...Object.fromEntries(named), ...(spec?.name ? { name: spec.name } : {}) };
}

/** @param {Spec | null} spec @param {Record<string, any> | null} task @param {Record<string, any> | null} parameters */
function configuration(spec, task, parameters) {
  /** @type {Record<string, any>} */
  const config = {};
  for (const part of /** @type {const} */ (["task", "model", "training"])) if (spec?.[part]) config[part] = spec[part];
  if (!config.task && task && Object.keys(task).length) config.task = task;
  if (parameters && Object.keys(parameters).length) config["in force"] = parameters;
  const seed = spec?.training?.seed;
  const variant = parameters?.variant || spec?.model?.variant;
  return {
    ...(seed !== null && seed !== undefined ? { seed } : {}),
    ...(variant ? { variant } : {}),
    ...(Object.keys(config).length ? { config } : {}),
  };
}
