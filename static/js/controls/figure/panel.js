// The settings of a figure for a paper, and a picture of it beside them, drawn by the server.

import { ownName } from "../../draw/figures/methods.js";
import { find } from "../../draw/layers/dom.js";
import { serverUrl, shownTrace } from "../../exports/files.js";
import { OF_TRAINING } from "../../exports/training.js";
import { problemOf, send } from "../../wire/api.js";
import { numberField } from "../numbers/field.js";
import { besideOf } from "./beside.js";
import { keep, restore, typedIn } from "./kept.js";
import { createNewest } from "./newest.js";
import { queryWords, settingsOf, wantedIn, wrongWords } from "./options.js";
import { createPreview, pictureIn } from "./preview.js";

/** So long after the last change the picture is drawn anew, so that nothing is drawn while one types. */
const PAUSE_MS = 300;

/**
 * @typedef {import("../../exports/files.js").FilePanel} FilePanel
 * @typedef {{state: State, panel: FilePanel, format: string}} Drawn
 * @typedef {import("./options.js").Settings} Settings
 * @typedef {{url: string, width: number}} Question `width` of the figure, in inches
 * @typedef {ReturnType<typeof figureParts>} Parts
 * @typedef {{form: HTMLFormElement, parts: Parts, preview: ReturnType<typeof createPreview>,
 *   newest: {want: (question: Question, ms: number) => void, drop: () => void}, drawn: Drawn | null}} Figure
 */

/**
 * @param {HTMLFormElement} form
 * @returns {{show: (drawn: Drawn | null) => void, settings: () => Settings | null}} `show` draws a figure, or hides all
 *   for null; `settings` are null where something typed is wrong, which has the focus then
 */
export function createFigure(form) {
  const parts = figureParts(form);
  const preview = createPreview(parts.preview);
  const newest = createNewest({
    ask: async (/** @type {Question} */ { url }) => pictureIn(await (await send("GET", url, "image/png")).blob()),
    shown: preview.show,
    refused: (error) => refused(figure, problemOf(error)),
  });
  /** @type {Figure} */
  const figure = { form, parts, preview, newest, drawn: null };
  restore(form);
  const changed = () => {
    keep(form);
    renew(figure, PAUSE_MS);
  };
  parts.root.addEventListener("input", changed);
  for (const input of form.querySelectorAll("#figure input"))
    if (input instanceof HTMLInputElement && input.inputMode)
      numberField(input, {
        wanted: () => wantedIn(input.name, figure.drawn ? of(figure.drawn).steps : 0),
        live: true,
        // What is wrong of all fields together is told whenever the figure is drawn anew.
        say: () => {},
        take: changed,
      });
  parts.beside.addEventListener("change", () => keep(form));
  return {
    show(next) {
      // A picture of another panel is none of this one.
      if (next?.panel !== figure.drawn?.panel) preview.clear();
      figure.drawn = next;
      parts.root.hidden = next === null;
      renew(figure, 0);
    },
    settings: () => settled(form, figure.drawn),
  };
}

/** What is typed now, as a picture after so many ms. @param {Figure} figure @param {number} ms */
function renew({ form, parts, preview, newest, drawn }, ms) {
  newest.drop();
  if (!drawn) return;
  fit(parts, form, drawn);
  const { settings, wrong } = settingsOf(typedIn(form), of(drawn));
  sayWrong(parts, form, wrong);
  preview.ground(settings.transparent === true);
  if (wrong.length) return preview.refuse("");
  const question = questionOf(drawn, settings, preview.dpi());
  if (preview.has(question.url)) return preview.settle();
  preview.wait();
  newest.want(question, ms);
}

/**
 * The server's sentence under the picture, and the fields that it speaks of.
 * @param {Figure} figure @param {Problem} problem
 */
function refused({ form, preview }, problem) {
  preview.refuse(problem.detail);
  const named = (problem.errors ?? []).flatMap(({ field }) => (field === "steps" ? ["from", "to"] : [field]));
  mark(form, new Set(named));
}

/** @param {HTMLFormElement} form */
function figureParts(form) {
  const root = find("#figure", form);
  return {
    root,
    preview: find(".preview", root),
    beside: find("[name=beside]", form),
    wide: find(".wanted", root),
    ofPng: find(".of-png", root),
    ofGradients: find(".of-gradients", root),
    ofTrace: /** @type {HTMLElement[]} */ ([...root.querySelectorAll(".of-trace")]),
    ofMarks: find(".of-marks", root),
    ofCurves: find(".of-curves", root),
    own: find("[data-rule=sab]", root),
    notes: /** @type {HTMLElement[]} */ ([...root.querySelectorAll(".field-note")]),
  };
}

/** @param {Drawn} drawn @returns {import("./options.js").Of} */
function of({ state, panel, format }) {
  const steps = OF_TRAINING.has(panel) ? 0 : (shownTrace(state, panel)?.steps ?? 0);
  return { panel, format, steps, beside: besideOf(state) };
}

/** @param {HTMLFormElement} form @param {Drawn | null} drawn @returns {Settings | null} */
function settled(form, drawn) {
  if (!drawn) return null;
  const { settings, wrong } = settingsOf(typedIn(form), of(drawn));
  if (wrong.length === 0) return settings;
  /** @type {HTMLElement | null} */ (form.querySelector(`[name="${wrong[0].fields[0]}"]`))?.focus();
  return null;
}

/**
 * The same figure as it will be, but for its dots.
 * @param {Drawn} drawn @param {Settings} settings @param {number} dpi @returns {Question}
 */
function questionOf({ state, panel }, settings, dpi) {
  const words = queryWords({ ...settings, dpi });
  const url = serverUrl(state, panel, "png", shownTrace(state, panel), words);
  return { url, width: Number(settings.width_in) };
}

/** Only what can be chosen of this figure. @param {Parts} parts @param {HTMLFormElement} form @param {Drawn} drawn */
function fit({ wide, ofPng, ofGradients, ofTrace, ofMarks, ofCurves, own }, form, drawn) {
  const { panel, format, steps, beside } = of(drawn);
  ofMarks.hidden = panel === "health";
  ofCurves.hidden = panel !== "curves";
  offerBeside(ofCurves, beside);
  wide.hidden = typedIn(form).width[0] !== "other";
  ofPng.hidden = format !== "png";
  ofGradients.hidden = panel !== "gradients";
  for (const part of ofTrace) part.hidden = steps === 0;
  const trace = shownTrace(drawn.state, drawn.panel);
  if (trace) own.textContent = ownName(trace);
  for (const [name, step] of Object.entries({ from: 0, to: steps - 1 }))
    /** @type {HTMLInputElement} */ (find(`[name=${name}]`, form)).placeholder = String(step);
}

/** Only what there is to draw beside. @param {HTMLElement} root @param {import("./beside.js").Beside} beside */
function offerBeside(root, { baseline, seeds }) {
  const words = {
    baseline: baseline && `baseline “${baseline.name}”, dashed`,
    seeds: seeds.length > 0 && `mean and band over ${seeds.length + 1} seeds`,
  };
  for (const [name, told] of Object.entries(words)) {
    const label = find(`[data-beside=${name}]`, root);
    if (told) label.textContent = told;
    /** @type {HTMLElement} */ (label.closest("label")).hidden = !told;
  }
  find(".nothing", root).hidden = Boolean(words.baseline || words.seeds);
}

/** @param {Parts} parts @param {HTMLFormElement} form @param {import("./options.js").Wrong[]} wrong */
function sayWrong({ notes }, form, wrong) {
  const fields = new Set(wrong.flatMap((one) => one.fields));
  mark(form, fields);
  for (const note of notes) {
    const beside = wrong.filter((one) => note.parentElement?.querySelector(`[name="${one.fields[0]}"]`));
    const words = beside.map(wrongWords).join("; ");
    if (note.textContent !== words) note.textContent = words;
  }
}

/** @param {HTMLFormElement} form @param {Set<string>} fields that are wrong */
function mark(form, fields) {
  for (const field of form.elements)
    if (fields.has(field.getAttribute("name") ?? "")) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
}
