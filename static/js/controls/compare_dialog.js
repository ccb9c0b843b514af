// Compare methods: the settings in view under several methods and seeds, started as one group that opens as a table.

import { find } from "../draw/layers/dom.js";
import { grouped } from "../draw/numbers.js";
import { taskWords } from "../draw/task_words.js";
import { settingsInView } from "../state/selectors/runs.js";
import { problemOf } from "../wire/api.js";
import { startGroup } from "../wire/starts.js";
import { meaningOf } from "./numbers/press.js";
import { at } from "../wire/link/root.js";

/** Longest range of seeds that is spelt out, `1-20`. */
const MOST_SEEDS = 200;

/**
 * The seeds that a text names: whole numbers between commas or spaces, ranges as `1-5`. Pure.
 * @param {string} text
 * @returns {{seeds: number[], problem: string}}
 */
export function seedsOf(text) {
  /** @type {Set<number>} */
  const seeds = new Set();
  for (const word of text.split(/[\s,;]+/).filter(Boolean)) {
    const [, low, high = low] = /^(\d{1,10})(?:[-–](\d{1,10}))?$/.exec(word) ?? [];
    if (low === undefined || Number(high) < Number(low))
      return { seeds: [], problem: `“${word}” is no seed: write whole numbers, as 1, 2, 3 or 1-5.` };
    if (Number(high) - Number(low) >= MOST_SEEDS)
      return { seeds: [], problem: `${word}: at most ${MOST_SEEDS} seeds; leave some out.` };
    for (let seed = Number(low); seed <= Number(high); seed += 1) seeds.add(seed);
  }
  return { seeds: [...seeds], problem: seeds.size ? "" : "Name at least one seed, as 1, 2, 3." };
}

/**
 * The body of POST /api/groups. Pure.
 * @param {import("../state/selectors/runs.js").Settings["spec"]} spec @param {string[]} methods @param {number[]} seeds
 * @returns {Wire.GroupRequest}
 */
export function groupWish({ task, model, training }, methods, seeds) {
  return { base: { task, model, training }, grid: { "model.method": methods }, seeds };
}

/**
 * What Start would start, in words. Pure.
 * @param {number} methods @param {number} seeds
 */
export function countWords(methods, seeds) {
  const runs = methods * seeds;
  return runs ? `Start ${grouped(runs)} run${runs === 1 ? "" : "s"}` : "Start";
}

/** What all runs have in common, in words. Pure. @param {import("../state/selectors/runs.js").Settings} settings */
export function baseWords({ title, spec: { task, training } }) {
  const updates = training?.updates ? `, at most ${grouped(training.updates)} updates each` : "";
  return `${task.T ? taskWords(task) : task.name}${updates}: the settings of “${title}”.`;
}

/** @typedef {import("../state/selectors/runs.js").Settings} Settings */

const UNKNOWN = "Nobody knows what this stored network was trained with: choose a preset or a run first.";

/**
 * @param {Store} store
 * @returns {{open: (settings?: Settings | null) => void}} with the settings in view, or others
 */
export function createCompare(store) {
  const parts = compareParts();
  const { dialog, form, start } = parts;
  /** @type {Settings | null} */
  let base = null;
  form.addEventListener("input", () => paint(parts, base));
  listenForEscape(parts, () => paint(parts, base));
  form.addEventListener("submit", (event) => {
    if (event.submitter !== start) return;
    event.preventDefault();
    if (base) begin(parts, base);
  });
  return {
    open(settings = settingsInView(store.get())) {
      base = settings;
      find(".compare-base", form).textContent = base ? baseWords(base) : UNKNOWN;
      paint(parts, base);
      dialog.showModal();
    },
  };
}

function compareParts() {
  const dialog = /** @type {HTMLDialogElement} */ (find("#compare-dialog"));
  const form = /** @type {HTMLFormElement} */ (find("form", dialog));
  const start = /** @type {HTMLButtonElement} */ (find("[value=start]", form));
  const seeds = /** @type {HTMLInputElement} */ (find("[name=seeds]", form));
  return { dialog, form, start, seeds, note: find(".form-note", form) };
}

/**
 * Esc in seeds that are none brings the last good ones back; the next one closes the dialog.
 * @param {ReturnType<typeof compareParts>} parts @param {() => void} changed
 */
function listenForEscape({ seeds }, changed) {
  let good = seeds.value;
  seeds.addEventListener("input", () => {
    if (!seedsOf(seeds.value).problem) good = seeds.value;
  });
  seeds.addEventListener("keydown", (event) => {
    if (meaningOf(event) !== "back" || seeds.value === good) return;
    event.preventDefault();
    seeds.value = good;
    changed();
  });
}

/** @param {HTMLFormElement} form */
function chosen(form) {
  const data = new FormData(form);
  return { methods: data.getAll("method").map(String), ...seedsOf(String(data.get("seeds") ?? "")) };
}

/** @param {ReturnType<typeof compareParts>} parts @param {Settings | null} base */
function paint({ form, note, start, seeds: field }, base) {
  const { methods, seeds, problem } = chosen(form);
  field.setAttribute("aria-invalid", String(problem !== ""));
  note.textContent = problem || (methods.length ? "" : "Choose at least one method.");
  start.textContent = countWords(methods.length, seeds.length);
  start.disabled = !base || note.textContent !== "";
}

/** Start the group, and show it as a table. @param {ReturnType<typeof compareParts>} parts @param {Settings} base */
async function begin({ form, note, start }, base) {
  const { methods, seeds } = chosen(form);
  start.disabled = true;
  note.textContent = "starting …";
  try {
    const { group } = await startGroup(groupWish(base.spec, methods, seeds));
    location.assign(at(`/runs#group=${group}`));
  } catch (error) {
    note.textContent = problemOf(error).detail;
  }
  start.disabled = false;
}
