// Below the runs: the one in view as a file, and such a file back, chosen or dropped anywhere on the page.

import { find } from "../../draw/layers/dom.js";
import { save } from "../../controls/save.js";
import { accepted, howFar } from "../../controls/bundles/accepted.js";
import { listenToDrops } from "../../controls/bundles/drops.js";
import { sayFor } from "../../drivers/notices.js";
import { grouped } from "../../draw/numbers.js";
import { getBundle, problemOf } from "../../wire/api.js";

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
      sayFor(store, `brought in “${run.name}”: ${howFar(run)}`, SAY_MS);
    } catch (error) {
      const problem = problemOf(error);
      store.dispatch({ type: "notice", text: null });
      store.dispatch({ type: "problem", problem: { ...problem, detail: `${file.name}: ${problem.detail}` } });
    }
  }
}
