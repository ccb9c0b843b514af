// Bundles that are dropped on the table, or chosen: each becomes a run, which comes to the list as any other does.

import { accepted, howFar } from "../../controls/bundles/accepted.js";
import { listenToDrops } from "../../controls/bundles/drops.js";
import { find } from "../../draw/layers/dom.js";
import { problemOf } from "../../wire/api.js";

/** @param {Table.Store} store */
export function driveBundles(store) {
  const choose = /** @type {HTMLInputElement} */ (find("#bundle-file"));
  find("#open-bundle").addEventListener("click", () => choose.click());
  choose.addEventListener("change", async () => {
    await bringIn(store, [...(choose.files ?? [])]);
    choose.value = ""; // the same file may be chosen again
  });
  listenToDrops((files) => bringIn(store, files));
}

/** One after the other, so that each file that is not accepted is named. @param {Table.Store} store
 * @param {File[]} files */
async function bringIn(store, files) {
  store.dispatch({ type: "notice", text: null });
  const problems = /** @type {string[]} */ ([]);
  const came = /** @type {string[]} */ ([]);
  for (const file of files) {
    store.dispatch({ type: "said", text: `bringing in ${file.name} …` });
    try {
      const run = await accepted(file);
      came.push(`“${run.name}”, ${howFar(run)}`);
    } catch (error) {
      problems.push(`${file.name}: ${problemOf(error).detail}`);
    }
  }
  store.dispatch({ type: "said", text: came.length ? `Brought in ${came.join("; ")}.` : null });
  store.dispatch({ type: "notice", text: problems.length ? problems.join(" ") : null });
}
