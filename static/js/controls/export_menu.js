// The Export menu: a panel, a format, a file. Pictures and tables of what one sees are made here, all else by the server.

import { metricsCaption, traceCaption } from "../exports/caption.js";
import { plotBlob, rasterise, standalone } from "../layers/pictures.js";
import { tableOf, toCsv, toJson } from "../exports/tables.js";
import { find } from "../layers/dom.js";
import { picture, story, wantedProbe } from "../selectors.js";

const PLOTS = { attention: "attention", gradients: "gradient-norms", curves: "curves" };

/**
 * @param {Store} store
 * @param {() => Theme} theme
 * @returns {{open: (panel: PagePanel) => void}}
 */
export function createExportMenu(store, theme) {
  const dialog = /** @type {HTMLDialogElement} */ (find("#export-dialog"));
  const form = /** @type {HTMLFormElement} */ (find("form", dialog));
  const note = find(".form-note", dialog);
  const open = (/** @type {PagePanel | null} */ panel) => {
    note.textContent = "";
    if (panel) /** @type {HTMLSelectElement} */ (find("select[name=panel]", form)).value = panel;
    dialog.showModal();
  };
  find("#export").addEventListener("click", () => open(null));
  find("#export-close", dialog).addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const panel = /** @type {ExportPanel} */ (new FormData(form).get("panel"));
    const format = String(new FormData(form).get("format"));
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

/** @param {State} state @param {ExportPanel} panel */
function shownTrace(state, panel) {
  return (panel === "attention" ? picture(state) : story(state)).trace;
}

/** @param {State} state @param {ExportPanel} panel @param {string} format @param {Theme} theme @returns {Promise<Blob>} */
async function fileOf(state, panel, format, theme) {
  const trace = shownTrace(state, panel);
  if (panel === "curves" && state.metrics.update.length === 0) throw new Error("there are no curves yet: press Train, or choose a run");
  if (!trace && panel !== "curves") throw new Error("nothing is shown yet; wait for the first picture");
  const spec = specOf(state);
  const caption = panel === "curves" ? metricsCaption(state.target?.id ?? "", state.metrics, spec) : traceCaption(panel, /** @type {Trace} */ (trace), spec);
  if (format === "csv") return new Blob([toCsv(tableOf(panel, trace, state.metrics), caption)], { type: "text/csv" });
  if (format === "json") return new Blob([toJson(tableOf(panel, trace, state.metrics), caption)], { type: "application/json" });
  if (format !== "png" && format !== "svg") return fromServer(state, panel, format, trace);
  const line = captionLine(state, caption);
  if (panel !== "paths") return plotBlob(find(`[data-testid=${PLOTS[panel]}]`), format, theme, line);
  const drawing = standalone(find("[data-testid=paths] svg.drawing"), theme, line);
  return format === "svg" ? new Blob([drawing.text], { type: "image/svg+xml" }) : rasterise(drawing);
}

/** One line below a picture. @param {State} state @param {Record<string, any>} caption */
function captionLine(state, caption) {
  const { task, model, "in force": knobs } = caption.config ?? {};
  const words = [
    caption.name ?? state.target?.id, task && `${task.name} T=${task.T}`, model?.method, `update ${caption.update}`,
    caption.example !== undefined && `example ${caption.example}`, caption["loss step"] !== undefined && `loss step ${caption["loss step"]}`,
    caption["knocked out"] && `knocked out ${caption["knocked out"]}`, caption.seed !== undefined && `seed ${caption.seed}`, caption.variant,
    ...["k_top", "k_trunc", "k_att"].map((name) => (knobs ?? model)?.[name] !== undefined && `${name} ${(knobs ?? model)[name]}`),
  ];
  return words.filter((word) => word !== undefined && word !== false && word !== null).join(" · ");
}

/** @param {State} state @returns {Spec | null} */
function specOf(state) {
  return state.run?.spec ?? state.presets?.find((preset) => preset.name === state.target?.id)?.spec ?? null;
}

/** @param {State} state @param {ExportPanel} panel @param {string} format @param {Trace | null} trace */
async function fromServer(state, panel, format, trace) {
  const answer = await fetch(serverUrl(state, panel, format, trace));
  if (answer.ok) return answer.blob();
  const problem = await answer.json().catch(() => null);
  throw new Error(problem?.detail ?? `the server answered with status ${answer.status}`);
}

/** The same view on the server. @param {State} state @param {ExportPanel} panel @param {string} format @param {Trace | null} trace */
export function serverUrl(state, panel, format, trace) {
  const query = new URLSearchParams({ panel, format });
  const { target } = state;
  if (!target) throw new Error("nothing is shown yet");
  const wanted = /** @type {Record<string, any>} */ (wantedProbe(state) ?? {});
  if (panel !== "curves" && trace) {
    if (target.kind === "run") query.set("update", String(trace.update));
    query.set("example", String(trace.example));
    query.set("loss_step", trace.loss_step === null ? "" : String(trace.loss_step));
    for (const name of ["k_top", "k_trunc", "k_att"]) if (wanted[name] !== undefined) query.set(name, String(wanted[name]));
    if (trace.knocked_out.length) query.set("knocked_out", trace.knocked_out.map((arc) => arc.join("-")).join("_"));
  }
  if (target.kind === "run") return `/api/runs/${encodeURIComponent(target.id)}/export?${query}`;
  query.set(target.kind, target.id);
  return `/api/export?${query}`;
}

/** @param {State} state @param {ExportPanel} panel @param {string} format */
function fileName(state, panel, format) {
  const update = panel === "curves" ? (state.metrics.update[state.metrics.update.length - 1] ?? 0) : (shownTrace(state, panel)?.update ?? 0);
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
