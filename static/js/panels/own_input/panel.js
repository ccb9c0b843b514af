// A sequence of one's own beside the example field. A bad one is explained here, and the last good picture stays.

import { find, whenChanged } from "../../draw/layers/dom.js";
import { story } from "../../state/shown.js";
import { blank, drawingOf } from "../../state/selectors/own/data.js";
import { ownHint, ownInput, taskOf } from "../../state/selectors/own/input.js";
import { imageFigure, isImage } from "../image/figure.js";
import { createDrawing } from "./drawing_layer.js";

/** So long after the last stroke the network is asked what it makes of the drawing. */
const STROKE_MS = 150;

/** @typedef {ReturnType<typeof ownParts>} Parts */

/**
 * @param {Store} store
 * @param {() => Theme} theme
 * @returns {import("../../draw/painter.js").Panel}
 */
export function createOwnInput(store, theme) {
  const parts = ownParts();
  const { form, field, note, back } = parts;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const task = taskOf(store.get());
    if (!task) return;
    const { problem } = ownInput(task, field.value);
    say(parts, problem ?? "");
    if (problem === null) store.dispatch({ type: "view/own", text: field.value });
  });
  // What is wrong follows the text while it is put right.
  field.addEventListener("input", () => {
    const task = taskOf(store.get());
    if (task && note.textContent) say(parts, ownInput(task, field.value).problem ?? "");
  });
  back.addEventListener("click", () => {
    say(parts, "");
    store.dispatch({ type: "view/own", text: null });
  });
  const drawing = drawn(parts, store);
  return { every: 120, paint: (state) => paint(parts, state, drawing, theme().dark) };
}

function ownParts() {
  const details = /** @type {HTMLDetailsElement} */ (find("#own-input"));
  const form = /** @type {HTMLFormElement} */ (find("form", details));
  return {
    details,
    form,
    field: /** @type {HTMLInputElement} */ (find("input[name=own_input]", form)),
    note: find(".form-note", form),
    back: /** @type {HTMLButtonElement} */ (find("#own-back", form)),
    changed: whenChanged(),
    moved: whenChanged(),
  };
}

/**
 * The field to draw in: each stroke is asked about at once.
 * @param {Parts} parts
 * @param {Store} store
 */
function drawn({ form }, store) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const use = (/** @type {string} */ text) => store.dispatch({ type: "view/own", text });
  const root = find("#own-drawing", form);
  const drawing = createDrawing(root, (text) => {
    clearTimeout(timer);
    timer = setTimeout(() => use(text), STROKE_MS);
  });
  find("#own-blank", form).addEventListener("click", () => {
    const { trace } = story(store.get());
    if (trace) use(blank(trace.steps));
  });
  find("#own-from", form).addEventListener("click", () => {
    const { trace } = story(store.get());
    if (trace && isImage(trace)) use(drawingOf(imageFigure(trace, 0).grey));
  });
  return { root, drawing };
}

/** @param {Parts} parts @param {string} problem empty when there is none */
function say({ note, field }, problem) {
  note.textContent = problem;
  field.setAttribute("aria-invalid", String(problem !== ""));
}

/**
 * @param {Parts} parts @param {State} state
 * @param {ReturnType<typeof drawn>} drawing
 * @param {boolean} dark
 */
function paint(parts, state, drawing, dark) {
  const { details, form, field, back, changed, moved } = parts;
  const task = taskOf(state);
  const { trace } = story(state);
  const image = trace && isImage(trace) ? trace.task.shape : null;
  const refused = state.own !== null && state.probe.problem?.errors?.find((each) => each.field === "inputs");
  if (!changed(task?.name, task?.T, task?.items, state.own, state.example, refused, String(image), dark)) return;
  // What has several channels is not drawn with one pen.
  details.hidden = !task || (task.name === "pixels" && image?.[2] !== 1);
  if (!task) return;
  const { hint, example } = ownHint(task);
  find("#own-hint", form).textContent = hint;
  field.placeholder = example;
  draw(form, drawing, image, state.own, dark);
  // A text that is wrong for one task or sequence says nothing of another.
  if (moved(task.name, task.T, task.items, state.own, state.example)) say(parts, "");
  if (document.activeElement !== field && (state.own !== null || !field.value)) field.value = state.own ?? "";
  back.hidden = state.own === null;
  back.textContent = `Back to example ${state.example}`;
  details.dataset.inUse = String(state.own !== null);
  if (refused) say(parts, `your input: ${refused.range}; ${refused.remedy}`);
}

/**
 * A drawing takes the place of the text.
 * @param {HTMLElement} form @param {ReturnType<typeof drawn>} drawing @param {number[] | null} image its shape
 * @param {string | null} own @param {boolean} dark
 */
function draw(form, { root, drawing }, image, own, dark) {
  root.hidden = !image;
  for (const id of ["#own-blank", "#own-from"]) find(id, form).hidden = !image;
  for (const id of ["#own-field", "button[type=submit]"]) find(id, form).hidden = Boolean(image);
  if (image) drawing.set({ rows: image[0], columns: image[1], dark }, own ?? "");
}
