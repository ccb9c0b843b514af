// Branch: a new run that goes on from stored weights of the run in view, with other knobs or for longer.

import { find, html, whenChanged } from "../draw/layers/dom.js";
import { fixedReason } from "../draw/figures/methods.js";
import { grouped } from "../draw/numbers.js";
import { nearest } from "../state/nearest.js";
import { isLive } from "../state/selectors.js";
import { problemOf } from "../wire/api.js";
import { FIELDS } from "../wire/contract.js";
import { branchRun } from "../wire/starts.js";
import { createFormErrors } from "./form/errors.js";
import { numberFields } from "./numbers/form.js";
import { specFrom, textEntries } from "./form/spec.js";

const NONE_YET = "No weights are stored yet: they come in a moment.";

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
  const knobs = Object.entries(/** @type {Record<string, unknown>} */ ({ ...parameters })).map(([name, value]) => [
    `training.${name}` in FIELDS ? `training.${name}` : `model.${name}`,
    String(value),
  ]);
  const updates = training.updates > from ? training.updates : from + training.updates;
  return { ...Object.fromEntries(knobs), "training.updates": String(updates), "training.until": training.until ?? "" };
}

/** @typedef {ReturnType<typeof import("../drivers/commands.js").createCommands>} Commands */

/**
 * @param {Store} store
 * @param {Commands} commands
 * @returns {{open: () => void, panel: import("../draw/painter.js").Panel}}
 */
export function createBranch(store, commands) {
  const parts = branchParts();
  const { dialog, form, from, errors, start, numbers } = parts;
  const changed = whenChanged();
  form.addEventListener("submit", async (event) => {
    if (event.submitter !== start) return;
    event.preventDefault();
    const { run } = store.get();
    if (run && numbers.settle() && (await begin(form, errors, run.id, store, commands))) dialog.close();
  });
  return {
    open() {
      const { run } = store.get();
      if (!run) return;
      // A run that trains stores its weights of now first.
      if (isLive(store.get())) commands.run("checkpoint");
      dialog.showModal();
      errors.show(null);
      offer(parts, store.get().networks);
      const near = nearUpdate(store.get(), run);
      if (near !== null) from.value = String(near);
      fill(parts, run, near ?? run.update);
    },
    panel: {
      every: 200,
      paint({ networks }) {
        if (dialog.open && changed(networks)) offer(parts, networks);
      },
    },
  };
}

function branchParts() {
  const dialog = /** @type {HTMLDialogElement} */ (find("#branch-dialog"));
  const form = /** @type {HTMLFormElement} */ (find("form", dialog));
  const from = /** @type {HTMLSelectElement} */ (find("select[name=update]", form));
  const start = /** @type {HTMLButtonElement} */ (find("[value=start]", form));
  const note = find(".form-note", form);
  const errors = createFormErrors(form, note);
  return { dialog, form, from, start, note, errors, numbers: numberFields(form, errors) };
}

/** The stored update nearest to what is in view. @param {State} state @param {RunView} run */
const nearUpdate = ({ networks, follow, update }, run) =>
  nearest(networks, follow ? run.update : (update ?? run.update));

/**
 * The updates to choose from, the newest first; the one that was chosen stays.
 * @param {ReturnType<typeof branchParts>} parts @param {number[]} networks updates whose weights are stored
 */
function offer({ from, note, start, errors }, networks) {
  const picked = from.value;
  from.replaceChildren(...[...networks].reverse().map((one) => html("option", { value: one }, grouped(one))));
  if (picked && networks.includes(Number(picked))) from.value = picked;
  start.disabled = networks.length === 0;
  if (networks.length === 0) errors.say(NONE_YET);
  else if (note.textContent === NONE_YET) errors.show(null);
}

/**
 * What the method fixes is not asked for.
 * @param {ReturnType<typeof branchParts>} parts @param {RunView} run @param {number} update
 */
function fill({ form, numbers }, run, update) {
  for (const [path, text] of Object.entries(branchTexts(run, update))) {
    const field = /** @type {HTMLInputElement | null} */ (form.querySelector(`[name="${CSS.escape(path)}"]`));
    if (!field) continue;
    const why = path.startsWith("model.") ? fixedReason(run.spec.model.method, path.slice(6)) : "";
    numbers.set(field, text);
    field.disabled = why !== "";
    field.title = why || FIELDS[path]?.help || "";
  }
}

/**
 * @param {HTMLFormElement} form @param {ReturnType<typeof createFormErrors>} errors @param {string} run
 * @param {Store} store
 * @param {Commands} commands
 * @returns {Promise<boolean>} whether the branch was started
 */
async function begin(form, errors, run, store, commands) {
  errors.say("starting …");
  try {
    const view = await branchRun(run, branchWish(textEntries(form)));
    store.dispatch({ type: "row", run: view.id, view });
    commands.open({ kind: "run", id: view.id });
    return true;
  } catch (error) {
    errors.show(problemOf(error));
    return false;
  }
}
