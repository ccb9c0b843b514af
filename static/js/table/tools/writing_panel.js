// What a person writes on one run: its star, and what the editor below its row saves.

/** @typedef {ReturnType<typeof import("../drivers/changes.js").createChanges>} Changes */

/** @param {Table.Store} store @param {Changes} changes @returns {(run: string) => void} */
export const starOf = (store, changes) => async (run) => {
  const view = store.get().runs.get(run);
  if (!view) return;
  const words = `“${view.name}” ${view.starred ? "is no longer starred" : "starred"}`;
  const problem = await changes.write(new Map([[run, { starred: !view.starred }]]), words);
  if (problem) store.dispatch({ type: "notice", text: problem.detail });
};

/**
 * @param {Table.Store} store @param {Changes} changes
 * @returns {import("../rows/rows_panel.js").Edits}
 */
export const editsOf = (store, changes) => ({
  async save(run, patch) {
    const problem = await changes.write(new Map([[run.id, patch]]), wordsOf(run, patch));
    if (!problem) leave(store, run.id);
    return problem;
  },
  leave: (run) => leave(store, run),
});

/** The focus goes back to where the editor was opened. @param {Table.Store} store @param {string} run */
function leave(store, run) {
  store.dispatch({ type: "edit", run: null });
  const edit = document.querySelector(`[data-run="${CSS.escape(run)}"] [data-part=edit]`);
  if (edit instanceof HTMLElement) edit.focus();
}

/** @param {RunView} run @param {Partial<Wire.RunPatch>} patch */
function wordsOf(run, patch) {
  const named = Object.keys(patch);
  if (named.length === 1 && "name" in patch) return `“${run.name}” renamed to “${patch.name ?? ""}”`;
  const words = named.join(named.length === 2 ? " and " : ", ");
  return `${words[0].toUpperCase()}${words.slice(1)} of “${run.name}” changed`;
}
