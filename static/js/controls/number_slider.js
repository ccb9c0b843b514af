// A slider with its twins: − and + buttons and a number field. The element has `.value`, emits "input", "grab"
// when a person takes hold of the thumb, and "settle" when it is let go.

import { html } from "../draw/layers/dom.js";

/**
 * @typedef {{name: string, label: string, hint: string, min: number, max: number, limit: number, step: number,
 *   log?: boolean, nameOn: "slider" | "field"}} NumberOptions
 *   `max` ends the slider, `limit` the field; a log slider moves through powers
 * @typedef {HTMLDivElement & {value: number, disabled: boolean}} NumberControl
 */

const LOG_STEPS = 60;

/**
 * @param {NumberOptions} options
 * @returns {NumberControl}
 */
export function createNumber({ name, label, hint, min, max, limit, step, log, nameOn }) {
  const id = `knob-${name}`;
  const toSlider = (/** @type {number} */ value) =>
    log ? (LOG_STEPS * Math.log(Math.max(value, min) / min)) / Math.log(max / min) : value;
  const fromSlider = (/** @type {number} */ place) =>
    log ? Number((min * (max / min) ** (place / LOG_STEPS)).toPrecision(2)) : place;
  const slider = html("input", {
    type: "range",
    min: log ? 0 : min,
    max: log ? LOG_STEPS : max,
    step: log ? 1 : step,
    "aria-label": label,
    name: nameOn === "slider" ? name : null,
    "aria-describedby": `${id}-note`,
  });
  const field = html("input", {
    type: "number",
    min: log ? 0 : min,
    max: limit,
    step: log ? "any" : step,
    id,
    name: nameOn === "field" ? name : null,
    "aria-label": `${label}, as a number`,
    "aria-describedby": `${id}-note`,
  });
  const button = (/** @type {string} */ sign, /** @type {string} */ word, /** @type {number} */ by) =>
    html(
      "button",
      { type: "button", class: "nudge", "aria-label": `${word} ${label}`, onclick: () => emit(nudged(value, by)) },
      sign,
    );
  const down = button("−", "decrease", -1);
  const up = button("+", "increase", 1);
  const root = html(
    "div",
    { class: "number", "data-knob": name },
    html("label", { for: id, title: hint }, html("code", {}, label), " ", html("span", {}, hint)),
    html("span", { class: "output" }),
    down,
    slider,
    up,
    field,
    html("p", { class: "knob-note", id: `${id}-note`, role: "none" }),
  );
  let value = NaN;
  let typing = false;

  const nudged = (/** @type {number} */ from, /** @type {number} */ by) =>
    log
      ? fromSlider(Math.min(Math.max(Math.round(toSlider(from)) + 3 * by, 0), LOG_STEPS))
      : Math.min(Math.max(from + by * step, min), limit);
  function show(/** @type {number} */ next) {
    value = next;
    slider.value = String(toSlider(next));
    if (!typing) field.value = String(next);
  }
  function emit(/** @type {number} */ next) {
    typing = false;
    show(next);
    root.dispatchEvent(new Event("input"));
  }
  slider.addEventListener("input", (event) => {
    event.stopPropagation();
    emit(fromSlider(Number(slider.value)));
  });
  slider.addEventListener("pointerdown", () => root.dispatchEvent(new Event("grab")));
  for (const end of ["pointerup", "pointercancel"])
    slider.addEventListener(end, () => root.dispatchEvent(new Event("settle")));
  field.addEventListener("input", (event) => {
    event.stopPropagation();
    typing = true;
  });
  field.addEventListener("change", () => {
    typing = false;
    if (field.value.trim() === "") field.value = String(value);
    else {
      emit(Number(field.value));
      root.dispatchEvent(new Event("settle"));
    }
  });

  Object.defineProperty(root, "value", { get: () => value, set: show });
  Object.defineProperty(root, "disabled", {
    get: () => slider.disabled,
    set(/** @type {boolean} */ off) {
      for (const part of [slider, field, down, up]) part.disabled = off;
    },
  });
  return /** @type {NumberControl} */ (root);
}
