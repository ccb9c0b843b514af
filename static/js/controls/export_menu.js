// The Export menu: a panel, a format that it has, a file; of a figure for a paper how it is drawn (figure/panel.js).

import { FORMATS, captionOf, fileOf, isFigure, madeHere, serverUrl, shownTrace, whyNot } from "../exports/files.js";
import { OF_TRAINING } from "../exports/training.js";
import { find } from "../draw/layers/dom.js";
import { isAlone } from "../state/selectors/history.js";
import { LONG } from "../state/selectors/span.js";
import { createFigure } from "./figure/panel.js";
import { queryWords } from "./figure/options.js";
import { save } from "./save.js";

/**
 * @typedef {import("../exports/files.js").FilePanel} FilePanel
 * @typedef {ReturnType<typeof menuParts>} Menu
 * @typedef {import("./figure/options.js").Settings} Settings
 */

const NEEDS_SERVER = ": needs a server";

/**
 * @param {Store} store
 * @param {() => Theme} theme
 * @returns {{open: (panel: FilePanel) => void}}
 */
export function createExportMenu(store, theme) {
  const menu = menuParts();
  // A training goes on meanwhile: the figure that is saved is the one that was looked at.
  let view = store.get();
  const renew = () => refresh(menu, view);
  const start = (/** @type {FilePanel | null} */ panel) => {
    view = store.get();
    open(menu, view, panel);
    renew();
  };
  for (const choice of [menu.panels, menu.formats]) choice.addEventListener("change", renew);
  find("#export").addEventListener("click", () => start(null));
  find("#export-close", menu.dialog).addEventListener("click", () => menu.dialog.close());
  menu.dialog.addEventListener("close", () => menu.figure.show(null));
  menu.form.addEventListener("submit", (event) => {
    event.preventDefault();
    return saveChosen(menu, view, store.get(), theme);
  });
  store.subscribe((state) => {
    if (!menu.dialog.open || !menu.why.textContent || state === view) return;
    view = state;
    if (whyNot(view, chosen(menu), menu.formats.value) !== menu.why.textContent) renew();
  });
  return { open: start };
}

function menuParts() {
  const dialog = /** @type {HTMLDialogElement} */ (find("#export-dialog"));
  const form = /** @type {HTMLFormElement} */ (find("form", dialog));
  const panels = /** @type {HTMLSelectElement} */ (find("select[name=panel]", form));
  const formats = /** @type {HTMLSelectElement} */ (find("select[name=format]", form));
  const [note, why, beside] = [".form-note", ".why-not", ".of-figure"].map((name) => find(name, form));
  const download = /** @type {HTMLButtonElement} */ (find("[type=submit]", form));
  const names = new Map([...panels.options, ...formats.options].map((one) => [one, one.textContent ?? ""]));
  return { dialog, form, note, why, beside, download, panels, formats, names, figure: createFigure(form) };
}

/** @param {Menu} menu */
const chosen = ({ panels }) => /** @type {FilePanel} */ (panels.value);

/**
 * Formats that the panel does not have cannot be chosen, nor those that a recording has no server for; the one chosen
 * before stays where it can.
 * @param {Menu} menu @param {State} state
 */
function offerFormats(menu, state) {
  const { formats, names } = menu;
  const has = FORMATS[chosen(menu)];
  for (const option of formats.options) {
    option.hidden = !has.includes(option.value);
    const served = isAlone(state) && !madeHere(option.value);
    option.disabled = option.hidden || served;
    option.textContent = `${names.get(option)}${served ? NEEDS_SERVER : ""}`;
  }
  for (const group of formats.querySelectorAll("optgroup"))
    group.hidden = [...group.querySelectorAll("option")].every((option) => option.hidden);
  const can = [...formats.options].filter((option) => !option.disabled);
  if (!can.some((option) => option.value === formats.value)) formats.value = can[0].value;
}

/** @param {Menu} menu @param {State} state */
function offerPanels({ panels, names }, state) {
  const short = (shownTrace(state, "overview")?.steps ?? 0) <= LONG;
  for (const option of panels.options) {
    const panel = /** @type {FilePanel} */ (option.value);
    option.hidden = short && panel === "overview";
    const served = isAlone(state) && !FORMATS[panel].some(madeHere);
    option.disabled = option.hidden || served;
    const none = OF_TRAINING.has(panel) && whyNot(state, panel, "csv") !== "";
    option.textContent = `${names.get(option)}${served ? NEEDS_SERVER : none ? " (none yet)" : ""}`;
  }
}

/** @param {Menu} menu @param {State} state @param {FilePanel | null} panel null: the one chosen before */
function open(menu, state, panel) {
  const { panels } = menu;
  offerPanels(menu, state);
  if (panel) panels.value = panel;
  const now = panels.selectedOptions[0];
  if (!now || now.disabled) panels.value = panels.value === "overview" ? "sequence" : "attention";
  menu.dialog.showModal();
}

/** What can be chosen now, and what comes of it. @param {Menu} menu @param {State} state */
function refresh(menu, state) {
  offerFormats(menu, state);
  const [panel, format] = [chosen(menu), menu.formats.value];
  const why = whyNot(state, panel, format);
  const figure = why === "" && isFigure(panel, format);
  menu.note.textContent = "";
  menu.why.textContent = why;
  menu.why.hidden = why === "";
  menu.download.hidden = why !== "";
  menu.beside.hidden = !figure;
  menu.dialog.classList.toggle("drawn", figure);
  menu.figure.show(figure ? { state, panel, format } : null);
}

/** @param {Menu} menu @param {State} view looked at @param {State} now @param {() => Theme} theme */
async function saveChosen(menu, view, now, theme) {
  const [panel, format] = [chosen(menu), menu.formats.value];
  const figure = isFigure(panel, format);
  const settings = figure ? menu.figure.settings() : null;
  if (menu.download.hidden || (figure && !settings)) return;
  // Curves go on up to now, whatever was looked at.
  const state = figure && !OF_TRAINING.has(panel) ? view : now;
  const name = fileName(state, panel, format);
  const words = queryWords(settings ?? {});
  menu.note.textContent = "making the file …";
  try {
    save(await fileOf(state, panel, format, theme(), words), name);
    const beside = settings !== null && /** @type {HTMLInputElement} */ (find("input", menu.beside)).checked;
    if (beside) save(settingsFile(state, panel, format, words), name.replace(/[^.]*$/, "config.json"));
    menu.note.textContent = beside ? "saved, with its settings" : "saved";
  } catch (error) {
    menu.note.textContent = error instanceof Error ? error.message : String(error);
  }
}

/**
 * What a figure shows, and how it was asked for, as `sab export` writes it (app/commands/export.py): it can be made
 * again from that.
 * @param {State} state @param {FilePanel} panel @param {string} format @param {Record<string, string>} words
 */
function settingsFile(state, panel, format, words) {
  const caption = captionOf(state, /** @type {PagePanel} */ (panel));
  const url = serverUrl(state, panel, format, shownTrace(state, panel), words);
  const asked = Object.fromEntries(new URL(url, location.href).searchParams);
  return new Blob([`${JSON.stringify({ caption, export: asked }, null, 1)}\n`], { type: "application/json" });
}

/** @param {State} state @param {FilePanel} panel @param {string} format */
function fileName(state, panel, format) {
  const ending = format.replace("screen-", "");
  if (panel === "runs") return `sab-runs.${ending}`;
  const update = OF_TRAINING.has(panel)
    ? (state.metrics.update[state.metrics.update.length - 1] ?? 0)
    : (shownTrace(state, panel)?.update ?? 0);
  return `sab-${state.target?.id ?? "view"}-${panel}-u${update}.${ending}`;
}
