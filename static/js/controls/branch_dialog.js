// Branch: a new run that goes on from stored weights of the run in view, with other knobs or for longer.

import { find, html, whenChanged } from "../draw/layers/dom.js";
import { fixedReason } from "../draw/figures/methods.js";
import { grouped } from "../draw/numbers.js";
import { nearest } from "../state/reducers/nearest.js";
import { isLive } from "../state/selectors.js";
import { problemOf } from "../wire/api.js";
import { FIELDS } from "../wire/contract.js";
import { branchRun } from "../wire/starts.js";
import { specFrom, textEntries } from "./run_form.js";

/**
 * The body of POST /api/runs/{id}/branch from named fields. Pure.
 * @param {Iterable<[string, string]>} entries
 * @returns {Wire.BranchRequest}
 */
export function branchWish(entries) {
  const all = [...entries];
  const update = Number(all.find(([name]) => name === "update")?.[1]);
  const { name, model, training } = specFrom(all.filter(([field]) => field !== "update"));
  const parts = /** @type {Wire.BranchRequest} */ ({ ...(model ? { model } : {}), ...(training ? { training } : {}) });
  return { update, ...(name ? { name: String(name) } : {}), ...parts };
}

/**
 * What stands in the fields: the knobs in force, and updates that leave something to train. Pure.
 * @param {RunView} run @param {number} from update
 * @returns {Record<string, string>}
 */
export function branchTexts({ parameters, spec: { training } }, from) {
  const knobs = Object.entries(parameters).map(([name, value]) => [
    name in { learning_rate: 1, clip_norm: 1 } ? `training.${name}` : `model.${name}`,
    String(value),
  ]);
  const updates = training.updates > from ? training.updates : from + training.updates;
  return { ...Object.fromEntries(knobs), "training.updates": String(updates), "training.until": training.until ?? "" };
}

/**
 * @param {Store} store
 * @param {ReturnType<typeof import("../drivers/commands.js").createCommands>} commands
 * @returns {{open: () => void, panel: import("../draw/painter.js").Panel}}
 */
export function createBranch(store, commands) {
  const dialog = /** @type {HTMLDialogElement} */ (find("#branch-dialog"));
  const form = /** @type {HTMLFormElement} */ (find("form", dialog));
  const from = /** @type {HTMLSelectElement} */ (find("select[name=update]", form));
  const note = find(".form-note", form);
  const start = /** @type {HTMLButtonElement} */ (find("[value=start]", form));
  const changed = whenChanged();
  const paint = (/** @type {State} */ { networks, run }) => {
    if (!dialog.open || !changed(networks, run?.id)) return;
    const picked = from.value;
    from.replaceChildren(...[...networks].reverse().map((one) => html("option", { value: one }, grouped(one))));
    if (picked && networks.includes(Number(picked))) from.value = picked;
    start.disabled = networks.length === 0;
  };
  form.addEventListener("submit", async (event) => {
    if (event.submitter !== start) return;
    event.preventDefault();
    const { run } = store.get();
    if (run && (await begin(form, note, run.id, store, commands))) dialog.close();
  });
  return {
    open() {
      const state = store.get();
      const { run } = state;
      if (!run) return;
      // A run that trains stores its weights of now first.
      if (isLive(state)) commands.run("checkpoint");
      dialog.showModal();
      from.replaceChildren();
      paint({ ...state, networks: [...state.networks] });
      const near = nearest(state.networks, state.follow ? run.update : (state.update ?? run.update));
      if (near !== null) from.value = String(near);
      fill(form, run, near ?? run.update);
      note.textContent = state.networks.length ? "" : "No weights are stored yet: they come in a moment.";
    },
    panel: {
      every: 200,
      paint(state) {
        paint(state);
        if (dialog.open && state.networks.length && note.textContent?.startsWith("No weights")) note.textContent = "";
      },
    },
  };
}

/** @param {HTMLFormElement} form @param {RunView} run @param {number} update */
function fill(form, run, update) {
  for (const [path, text] of Object.entries(branchTexts(run, update))) {
    const field = /** @type {HTMLInputElement | null} */ (form.querySelector(`[name="${CSS.escape(path)}"]`));
    if (!field) continue;
    const why = path.startsWith("model.") ? fixedReason(run.spec.model.method, path.slice(6)) : "";
    field.value = text;
    field.disabled = why !== "";
    field.title = why || FIELDS[path]?.help || "";
    field.removeAttribute("aria-invalid");
  }
}

/**
 * @param {HTMLFormElement} form @param {HTMLElement} note @param {string} run @param {Store} store
 * @param {ReturnType<typeof import("../drivers/commands.js").createCommands>} commands
 * @returns {Promise<boolean>} whether the branch was started
 */
async function begin(form, note, run, store, commands) {
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  note.textContent = "starting …";
  try {
    const view = await branchRun(run, branchWish(textEntries(form)));
    store.dispatch({ type: "row", run: view.id, view });
    commands.open({ kind: "run", id: view.id });
    return true;
  } catch (error) {
    const { detail, errors } = problemOf(error);
    note.textContent = detail;
    for (const { field } of errors ?? [])
      form.querySelector(`[name="${CSS.escape(field)}"]`)?.setAttribute("aria-invalid", "true");
    return false;
  }
}
