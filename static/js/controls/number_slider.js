// A slider with its twins: − and + buttons and a field for the number. The element has `.value`, emits "input", "grab"
// when a person takes hold of the thumb, "settle" when it is let go or a number was typed, "edit" while one is being
// typed, and "refuse" with why it does not fit (null: it does after all, or stands there no more).

import { html } from "../draw/layers/dom.js";
import { numberField } from "./numbers/field.js";
import { refusalWords } from "./numbers/read.js";

/**
 * @typedef {{name: string, label: string, hint: string, min: number, max: number, step: number,
 *   log?: boolean, nameOn: "slider" | "field", wanted: import("./numbers/read.js").Wanted}} NumberOptions
 *   `max` ends the slider, `wanted` says what fits the field; a log slider moves through powers
 * @typedef {HTMLDivElement & {value: number, disabled: boolean}} NumberControl
 * @typedef {{slider: HTMLInputElement, field: HTMLInputElement, down: HTMLButtonElement, up: HTMLButtonElement,
 *   root: HTMLDivElement}} NumberParts
 * @typedef {NumberParts & {scale: ReturnType<typeof scaleOf>, value: number,
 *   typed: import("./numbers/field.js").NumberField}} NumberInUse
 */

const LOG_STEPS = 60;

/**
 * @param {NumberOptions} options
 * @returns {NumberControl}
 */
export function createNumber(options) {
  const parts = partsOf(options);
  const typed = bindField(parts.field, options.wanted, () => number);
  /** @type {NumberInUse} */
  const number = { ...parts, scale: scaleOf(options), value: NaN, typed };
  const { root, slider, field, down, up } = number;
  listenToButtons(number);
  listenToSlider(number);
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
function scaleOf({ min, max, step, log, wanted }) {
  const toSlider = (/** @type {number} */ value) =>
    log ? (LOG_STEPS * Math.log(Math.max(value, min) / min)) / Math.log(max / min) : value;
  const fromSlider = (/** @type {number} */ place) =>
    log ? Number((min * (max / min) ** (place / LOG_STEPS)).toPrecision(2)) : place;
  const nudged = (/** @type {number} */ from, /** @type {number} */ by) =>
    log
      ? fromSlider(Math.min(Math.max(Math.round(toSlider(from)) + 3 * by, 0), LOG_STEPS))
      : Math.min(Math.max(from + by * step, min), wanted.high);
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
const fieldOf = ({ name, label, nameOn }, id) =>
  html("input", {
    id,
    name: nameOn === "field" ? name : null,
    "aria-label": `${label}, as a number`,
    "aria-describedby": `${id}-note`,
  });

/** @param {NumberInUse} number @param {number} next */
function show(number, next) {
  number.value = next;
  number.slider.value = String(number.scale.toSlider(next));
  number.typed.show(next);
}

/** @param {NumberInUse} number @param {number} next */
function emit(number, next) {
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

/**
 * @param {HTMLInputElement} field @param {NumberOptions["wanted"]} wanted @param {() => NumberInUse} number whose it is
 */
function bindField(field, wanted, number) {
  const tell = (/** @type {string} */ type, /** @type {string | null} */ detail = null) =>
    number().root.dispatchEvent(new CustomEvent(type, { detail }));
  field.addEventListener("input", (event) => event.stopPropagation());
  return numberField(field, {
    wanted: () => wanted,
    edited: () => tell("edit"),
    say: (refusal) => tell("refuse", refusal && refusalWords(refusal)),
    forget: () => tell("forget"),
    take(value, how) {
      // Nothing and the same are no change: what was in force stays, and so does the way back from it.
      if (value === null || value === number().value) return show(number(), number().value);
      emit(number(), value);
      if (how === "typed") tell("settle");
    },
  });
}
