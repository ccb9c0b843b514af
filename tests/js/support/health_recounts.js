// What the words of the health panel assert, counted anew from a run, its knobs and its looks.

import * as facts from "../../../static/js/panels/health/facts.js";
import { looksInView } from "../../../static/js/panels/health/selector.js";
import { healthStates } from "./health.js";

/** States with the place of the look in view. */
export const ALL = healthStates(2500).map((state) => {
  const looks = looksInView(state);
  const { follow, update } = state;
  const at = follow ? looks.update.length - 1 : looks.update.filter((one) => one <= update).length - 1;
  return { state, looks, at };
});
export const CASES = ALL.filter(({ at }) => at >= 0);
export const value = (/** @type {any} */ { looks, at }, /** @type {string} */ name) => looks.health[name]?.[at] ?? NaN;
export const options = (/** @type {any} */ { state, looks, at }) => facts.optionsOf(state, looks, at);
export const shares = (/** @type {string} */ name) => (/** @type {any} */ one) =>
  facts.share(value(one, name), options(one));

/** What the run or preset was started with. */
export const spec = (/** @type {any} */ { state }) => state.run?.spec ?? state.presets[0].spec;
/** A knob after an update: turned up to there, or now where the newest is in view. */
export function knob(/** @type {any} */ one, /** @type {string} */ name, /** @type {number} */ update) {
  const { run, marks, follow } = one.state;
  const named = { ...spec(one).model, ...spec(one).training };
  if (!run) return named[name];
  if (follow) return run.parameters[name];
  const before = marks.filter((/** @type {any} */ mark) => mark.update <= update);
  return before.length ? before[before.length - 1].parameters[name] : named[name];
}
export const update = (/** @type {any} */ { looks, at }) => looks.update[at];
export const reads = (/** @type {any} */ one) =>
  spec(one).model.method === "attention" || (spec(one).model.method === "sab" && knob(one, "k_top", update(one)) > 0);
export const release = (/** @type {any} */ one) => spec(one).model.variant === "release";
export const softmax = (/** @type {any} */ one) =>
  spec(one).model.method === "attention" || spec(one).model.normalizer === "softmax";
/** Nothing clearly better for a thousand updates, by the verdict on the newest look. */
export const stuck = (/** @type {any} */ { state }) =>
  state.follow && ["standing still", "scorer saturated"].includes((state.run ?? state.presets[0]).verdict?.word);
/** Whether an update was seen: then some norm or movement was measured. */
export const noted = (/** @type {any} */ one) =>
  ["norm_median", "norm_p99", "moved_recurrent", "moved_scorer", "moved_readout"].some(
    (name) => !Number.isNaN(value(one, name)),
  );
export const clipOf = (/** @type {any} */ one) => knob(one, "clip_norm", update(one) - 1);
export const clipped = (/** @type {any} */ one) => clipOf(one) > 0;
export const none = (/** @type {string} */ name) => (/** @type {any} */ one) => Number.isNaN(value(one, name));
