// The Export menu: a panel, a format that it has, a file.

import { FORMATS, NO_CURVES, fileOf, shownTrace } from "../exports/files.js";
import { find } from "../draw/layers/dom.js";
import { LONG } from "../state/selectors/span.js";

/** @typedef {import("../exports/files.js").FilePanel} FilePanel */

/**
 * @param {Store} store
 * @param {() => Theme} theme
 * @returns {{open: (panel: FilePanel) => void}}
 */
export function createExportMenu(store, theme) {
  const dialog = /** @type {HTMLDialogElement} */ (find("#export-dialog"));
  const form = /** @type {HTMLFormElement} */ (find("form", dialog));
  const note = find(".form-note", dialog);
  const panels = /** @type {HTMLSelectElement} */ (find("select[name=panel]", form));
  const formats = /** @type {HTMLSelectElement} */ (find("select[name=format]", form));
  const curves = /** @type {HTMLOptionElement} */ (find("option[value=curves]", panels));
  const CURVES = curves.textContent ?? "";
  const chosen = () => /** @type {FilePanel} */ (panels.value);

  /** Formats that the panel does not have cannot be chosen; the one chosen before stays where it can. */
  function offer() {
    const has = FORMATS[chosen()];
    for (const option of formats.options) option.disabled = option.hidden = !has.includes(option.value);
    if (!has.includes(formats.value)) formats.value = has[0];
  }
  const open = (/** @type {FilePanel | null} */ panel) => {
    note.textContent = "";
    const short = (shownTrace(store.get(), "overview")?.steps ?? 0) <= LONG;
    for (const option of panels.options) if (option.value === "overview") option.disabled = option.hidden = short;
    if (short && chosen() === "overview") panels.value = "sequence";
    const none = store.get().metrics.update.length === 0;
    curves.disabled = none;
    curves.textContent = none ? `${CURVES} (none yet)` : CURVES;
    if (panel) panels.value = panel;
    if (none && chosen() === "curves") panels.value = "attention";
    if (none && panel === "curves") note.textContent = NO_CURVES;
    offer();
    dialog.showModal();
  };
  panels.addEventListener("change", offer);
  find("#export").addEventListener("click", () => open(null));
  find("#export-close", dialog).addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [panel, format] = [chosen(), formats.value];
    note.textContent = "making the file …";
    try {
      const blob = await fileOf(store.get(), panel, format, theme());
      save(blob, fileName(store.get(), panel, format));
      note.textContent = "saved";
    } catch (error) {
      note.textContent = error instanceof Error ? error.message : String(error);
    }
  });
  return { open };
}

/** @param {State} state @param {FilePanel} panel @param {string} format */
function fileName(state, panel, format) {
  if (panel === "runs") return `sab-runs.${format}`;
  const update =
    panel === "curves"
      ? (state.metrics.update[state.metrics.update.length - 1] ?? 0)
      : (shownTrace(state, panel)?.update ?? 0);
  return `sab-${state.target?.id ?? "view"}-${panel}-u${update}.${format}`;
}

/** @param {Blob} blob @param {string} name */
function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
