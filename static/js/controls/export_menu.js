// The Export menu: a panel, a format that it has, a file.

import { FORMATS, NO_CURVES, fileOf, shownTrace } from "../exports/files.js";
import { OF_TRAINING } from "../exports/training.js";
import { find } from "../draw/layers/dom.js";
import { LONG } from "../state/selectors/span.js";
import { save } from "./save.js";

/**
 * @typedef {import("../exports/files.js").FilePanel} FilePanel
 * @typedef {ReturnType<typeof menuParts>} Menu
 */

/**
 * @param {Store} store
 * @param {() => Theme} theme
 * @returns {{open: (panel: FilePanel) => void}}
 */
export function createExportMenu(store, theme) {
  const menu = menuParts();
  menu.panels.addEventListener("change", () => offerFormats(menu));
  find("#export").addEventListener("click", () => open(menu, store.get(), null));
  find("#export-close", menu.dialog).addEventListener("click", () => menu.dialog.close());
  menu.form.addEventListener("submit", (event) => {
    event.preventDefault();
    return saveChosen(menu, store, theme);
  });
  return { open: (panel) => open(menu, store.get(), panel) };
}

function menuParts() {
  const dialog = /** @type {HTMLDialogElement} */ (find("#export-dialog"));
  const form = /** @type {HTMLFormElement} */ (find("form", dialog));
  const note = find(".form-note", dialog);
  const panels = /** @type {HTMLSelectElement} */ (find("select[name=panel]", form));
  const formats = /** @type {HTMLSelectElement} */ (find("select[name=format]", form));
  const curves = /** @type {HTMLOptionElement} */ (find("option[value=curves]", panels));
  return { dialog, form, note, panels, formats, curves, curvesName: curves.textContent ?? "" };
}

/** @param {Menu} menu */
const chosen = ({ panels }) => /** @type {FilePanel} */ (panels.value);

/**
 * Formats that the panel does not have cannot be chosen; the one chosen before stays where it can.
 * @param {Menu} menu
 */
function offerFormats(menu) {
  const has = FORMATS[chosen(menu)];
  for (const option of menu.formats.options) option.disabled = option.hidden = !has.includes(option.value);
  if (!has.includes(menu.formats.value)) menu.formats.value = has[0];
}

/** @param {Menu} menu @param {State} state @param {FilePanel | null} panel null: the one chosen before */
function open(menu, state, panel) {
  const { note, panels, curves, curvesName } = menu;
  note.textContent = "";
  const short = (shownTrace(state, "overview")?.steps ?? 0) <= LONG;
  for (const option of panels.options) if (option.value === "overview") option.disabled = option.hidden = short;
  if (short && chosen(menu) === "overview") panels.value = "sequence";
  const none = state.metrics.update.length === 0;
  curves.disabled = none;
  curves.textContent = none ? `${curvesName} (none yet)` : curvesName;
  if (panel) panels.value = panel;
  if (none && chosen(menu) === "curves") panels.value = "attention";
  if (none && panel === "curves") note.textContent = NO_CURVES;
  offerFormats(menu);
  menu.dialog.showModal();
}

/** @param {Menu} menu @param {Store} store @param {() => Theme} theme */
async function saveChosen(menu, store, theme) {
  const [panel, format] = [chosen(menu), menu.formats.value];
  menu.note.textContent = "making the file …";
  try {
    const blob = await fileOf(store.get(), panel, format, theme());
    save(blob, fileName(store.get(), panel, format));
    menu.note.textContent = "saved";
  } catch (error) {
    menu.note.textContent = error instanceof Error ? error.message : String(error);
  }
}

/** @param {State} state @param {FilePanel} panel @param {string} format */
function fileName(state, panel, format) {
  if (panel === "runs") return `sab-runs.${format}`;
  const update = OF_TRAINING.has(panel)
    ? (state.metrics.update[state.metrics.update.length - 1] ?? 0)
    : (shownTrace(state, panel)?.update ?? 0);
  return `sab-${state.target?.id ?? "view"}-${panel}-u${update}.${format}`;
}
