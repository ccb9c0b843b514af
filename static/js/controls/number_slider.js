// A slider with its twins: − and + buttons and a number field. The element has `.value`, emits "input", "grab"
// when a person takes hold of the thumb, "settle" when it is let go, and "edit" while a number is being typed.

import { html } from "../draw/layers/dom.js";

/**
 * @typedef {{name: string, label: string, hint: string, min: number, max: number, limit: number, step: number,
 *   log?: boolean, nameOn: "slider" | "field"}} NumberOptions
 *   `max` ends the slider, `limit` the field; a log slider moves through powers
 * @typedef {HTMLDivElement & {value: number, disabled: boolean}} NumberControl
 * @typedef {{slider: HTMLInputElement, field: HTMLInputElement, down: HTMLButtonElement, up: HTMLButtonElement,
 *   root: HTMLDivElement}} NumberParts
 * @typedef {NumberParts & {scale: ReturnType<typeof scaleOf>, value: number, typing: boolean}} NumberInUse
 *   `typing`: a person is in the middle of a number, so the field is left alone
 */

const LOG_STEPS = 60;

/**
 * @param {NumberOptions} options
 * @returns {NumberControl}
 */
export function createNumber(options) {
  /** @type {NumberInUse} */
  const number = { ...partsOf(options), scale: scaleOf(options), value: NaN, typing: false };
  const { root, slider, field, down, up } = number;
  listenToButtons(number);
  listenToSlider(number);
  listenToField(number);
  Object.defineProperty(root, "value", {
    get: () => number.value,
    set: (/** @type {number} */ next) => show(number, next),
  });
  Object.defineProperty(root, "disabled", {
    get: () => slider.disabled,
    set(/** @type {boolean} */ off) {
      for (const part of [slider, field, down, up]) part.disabled = off;
    },
  });
  return /** @type {NumberControl} */ (root);
}

/** How places of the slider and values belong together. @param {NumberOptions} options */
function scaleOf({ min, max, limit, step, log }) {
  const toSlider = (/** @type {number} */ value) =>
    log ? (LOG_STEPS * Math.log(Math.max(value, min) / min)) / Math.log(max / min) : value;
  const fromSlider = (/** @type {number} */ place) =>
    log ? Number((min * (max / min) ** (place / LOG_STEPS)).toPrecision(2)) : place;
  const nudged = (/** @type {number} */ from, /** @type {number} */ by) =>
    log
      ? fromSlider(Math.min(Math.max(Math.round(toSlider(from)) + 3 * by, 0), LOG_STEPS))
      : Math.min(Math.max(from + by * step, min), limit);
  return { toSlider, fromSlider, nudged };
}

/** @param {NumberOptions} options @returns {NumberParts} */
function partsOf(options) {
  const { name, label, hint } = options;
  const id = `knob-${name}`;
  const slider = sliderOf(options, id);
  const field = fieldOf(options, id);
  const button = (/** @type {string} */ sign, /** @type {string} */ word) =>
    html("button", { type: "button", class: "nudge", "aria-label": `${word} ${label}` }, sign);
  const down = button("−", "decrease");
  const up = button("+", "increase");
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
  return { slider, field, down, up, root };
}

/** @param {NumberOptions} options @param {string} id */
const sliderOf = ({ name, label, min, max, step, log, nameOn }, id) =>
  html("input", {
    type: "range",
    min: log ? 0 : min,
    max: log ? LOG_STEPS : max,
    step: log ? 1 : step,
    "aria-label": label,
    name: nameOn === "slider" ? name : null,
    "aria-describedby": `${id}-note`,
  });

/** @param {NumberOptions} options @param {string} id */
const fieldOf = ({ name, label, min, limit, step, log, nameOn }, id) =>
  html("input", {
    type: "number",
    min: log ? 0 : min,
    max: limit,
    step: log ? "any" : step,
    id,
    name: nameOn === "field" ? name : null,
    "aria-label": `${label}, as a number`,
    "aria-describedby": `${id}-note`,
  });

/** @param {NumberInUse} number @param {number} next */
function show(number, next) {
  number.value = next;
  number.slider.value = String(number.scale.toSlider(next));
  if (!number.typing) number.field.value = String(next);
}

/** @param {NumberInUse} number @param {number} next */
function emit(number, next) {
  number.typing = false;
  show(number, next);
  number.root.dispatchEvent(new Event("input"));
}

/** @param {NumberInUse} number */
function listenToButtons(number) {
  const { down, up, scale } = number;
  down.addEventListener("click", () => emit(number, scale.nudged(number.value, -1)));
  up.addEventListener("click", () => emit(number, scale.nudged(number.value, 1)));
}

/** @param {NumberInUse} number */
function listenToSlider(number) {
  const { slider, root, scale } = number;
  slider.addEventListener("input", (event) => {
    event.stopPropagation();
    emit(number, scale.fromSlider(Number(slider.value)));
  });
  slider.addEventListener("pointerdown", () => root.dispatchEvent(new Event("grab")));
  for (const end of ["pointerup", "pointercancel"])
    slider.addEventListener(end, () => root.dispatchEvent(new Event("settle")));
}

/** @param {NumberInUse} number */
function listenToField(number) {
  const { field, root } = number;
  field.addEventListener("input", (event) => {
    event.stopPropagation();
    number.typing = true;
    root.dispatchEvent(new Event("edit"));
  });
  field.addEventListener("change", () => {
    number.typing = false;
    if (field.value.trim() === "") field.value = String(number.value);
    else {
      emit(number, Number(field.value));
      root.dispatchEvent(new Event("settle"));
    }
  });
}
