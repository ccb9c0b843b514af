// Below the runs: the one in view as a file, and such a file back, chosen or dropped anywhere on the page.

import { find } from "../../draw/layers/dom.js";
import { save } from "../../controls/save.js";
import { sayFor } from "../../drivers/notices.js";
import { grouped } from "../../draw/numbers.js";
import { ApiError, getBundle, MOST_BYTES, postBundle, problemOf } from "../../wire/api.js";

const SAY_MS = 8000;

/**
 * @typedef {ReturnType<typeof import("../../drivers/commands.js").createCommands>} Commands
 * @param {Store} store
 * @param {Commands} commands
 * @returns {(state: State) => void}
 */
export function createBundles(store, commands) {
  const download = /** @type {HTMLButtonElement} */ (find("#download-bundle"));
  const choose = /** @type {HTMLInputElement} */ (find("#bundle-file"));
  download.addEventListener("click", async () => {
    const { run } = store.get();
    if (!run) return;
    download.disabled = true;
    await giveOut(store, run);
    download.disabled = store.get().run === null;
  });
  find("#open-bundle").addEventListener("click", () => choose.click());
  choose.addEventListener("change", async () => {
    await bringIn(store, commands, [...(choose.files ?? [])]);
    choose.value = ""; // the same file may be chosen again
  });
  listenToDrops((files) => bringIn(store, commands, files));
  return ({ run, target }) => {
    download.hidden = target?.kind !== "run" || run === null;
  };
}

/** @param {Store} store @param {RunView} run */
async function giveOut(store, { id, checkpoint_update: newest }) {
  store.dispatch({ type: "problem", problem: null });
  store.dispatch({ type: "notice", text: "making the bundle …" });
  try {
    save(await getBundle(id), `sab-${id}.zip`);
    const weights =
      newest === null
        ? "without weights: the run has no checkpoint yet"
        : `newest weights of update ${grouped(newest)}`;
    sayFor(store, `bundle downloaded, ${weights}`, SAY_MS);
  } catch (error) {
    store.dispatch({ type: "notice", text: null });
    store.dispatch({ type: "problem", problem: problemOf(error) });
  }
}

/**
 * One after the other, so that a file that is not accepted is named; the last one is opened.
 * @param {Store} store @param {Commands} commands @param {File[]} files
 */
async function bringIn(store, commands, files) {
  store.dispatch({ type: "problem", problem: null });
  for (const file of files) {
    store.dispatch({ type: "notice", text: `bringing in ${file.name} …` });
    try {
      const run = await accepted(file);
      store.dispatch({ type: "row", run: run.id, view: run });
      commands.open({ kind: "run", id: run.id });
      sayFor(store, `brought in “${run.name}”: ${run.status} at update ${grouped(run.update)}`, SAY_MS);
    } catch (error) {
      const problem = problemOf(error);
      store.dispatch({ type: "notice", text: null });
      store.dispatch({ type: "problem", problem: { ...problem, detail: `${file.name}: ${problem.detail}` } });
    }
  }
}

/**
 * What the server would not take in any case is told without sending it.
 * @param {File} file @returns {Promise<Wire.RunView>}
 */
async function accepted(file) {
  if (!/\.zip$/i.test(file.name)) throw refusal("no .zip file; a bundle is the file that Download bundle made");
  if (file.size > MOST_BYTES) {
    const most = `${Math.ceil(file.size / 2 ** 20)} MiB, at most ${MOST_BYTES / 2 ** 20} MiB can be sent`;
    throw refusal(`${most}; stop the server and use sab import, which takes larger ones`);
  }
  return postBundle(file);
}

/** @param {string} detail what is wrong, and what to do */
const refusal = (detail) => new ApiError({ title: "Not a bundle", status: 0, detail });

/**
 * Files may be let go anywhere: else the browser would leave the page for what was dropped beside the right place.
 * @param {(files: File[]) => void} take
 */
function listenToDrops(take) {
  const here = find("#drop");
  /** @param {DragEvent} event */
  const carries = (event) => event.dataTransfer?.types.includes("Files") ?? false;
  window.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
    here.hidden = false;
  });
  window.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) here.hidden = true;
  });
  window.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    here.hidden = true;
    take([...(event.dataTransfer?.files ?? [])]);
  });
}
