// What a person writes on runs, and what a person deletes: both can be undone for a while. A deletion is not sent
// before that while is over, or the page is left; what was written is sent at once, and undone by writing what stood
// there.

import { deleteRun, problemOf } from "../../wire/api.js";
import { deleteLeaving, patchRun } from "../../wire/runs.js";

/** So long a change can be undone. */
export const UNDO_MS = 10_000;
const GONE = 404;

/**
 * @typedef {Partial<Wire.RunPatch>} Patch
 * @typedef {{store: Table.Store, waiting: Map<number, readonly string[]>, last: number}} Desk `waiting`: deletions that
 *   are not sent yet, by the number of their change
 */

/** @param {Table.Store} store */
export function createChanges(store) {
  /** @type {Desk} */
  const desk = { store, waiting: new Map(), last: 0 };
  window.addEventListener("pagehide", () => sendLeaving(desk));
  return {
    /** Deletes runs once nobody has undone it. @param {readonly string[]} runs */
    remove(runs) {
      if (runs.length === 0) return;
      const id = noted(desk, { words: `${counted(runs.length)} deleted`, runs, before: null });
      desk.waiting.set(id, runs);
    },
    /**
     * @param {ReadonlyMap<string, Patch>} patches what to write, by run
     * @param {string} words what was done, for the offer to undo it
     * @returns {Promise<Problem | null>} why the first that failed did
     */
    write: (patches, words) => write(desk, patches, words),
    undo: () => undo(desk),
  };
}

/** @param {number} runs */
const counted = (runs) => (runs === 1 ? "1 run" : `${runs} runs`);

/** @param {Desk} desk @param {Omit<Table.Change, "id">} change */
function noted(desk, change) {
  desk.last += 1;
  const id = desk.last;
  desk.store.dispatch({ type: "change", change: { id, ...change } });
  setTimeout(() => {
    desk.store.dispatch({ type: "change/over", id });
    const runs = desk.waiting.get(id);
    desk.waiting.delete(id);
    if (runs) sendDeletions(desk.store, runs);
  }, UNDO_MS);
  return id;
}

/** One after another: a server that deletes a thousand runs answers others too. @param {Table.Store} store
 * @param {readonly string[]} runs */
async function sendDeletions(store, runs) {
  for (const run of runs) {
    try {
      await deleteRun(run);
    } catch (error) {
      const { status, detail } = problemOf(error);
      if (status !== GONE) {
        const name = store.get().runs.get(run)?.name || run;
        store.dispatch({ type: "delete/failed", runs: [run], why: `“${name}” was not deleted: ${detail}` });
        continue;
      }
    }
    store.dispatch({ type: "deleted", runs: [run] });
  }
}

/** @param {Desk} desk */
function sendLeaving({ store, waiting }) {
  for (const [id, runs] of waiting) {
    for (const run of runs) deleteLeaving(run);
    store.dispatch({ type: "change/over", id });
    store.dispatch({ type: "deleted", runs });
  }
  waiting.clear();
}

/**
 * @param {Desk} desk @param {ReadonlyMap<string, Patch>} patches @param {string} words
 * @returns {Promise<Problem | null>}
 */
async function write(desk, patches, words) {
  const { store } = desk;
  const before = Object.fromEntries(
    [...patches].map(([run, patch]) => [run, stoodThere(store.get().runs.get(run), patch)]),
  );
  const { done, problem } = await send(store, patches);
  const undoable = Object.fromEntries(done.map((run) => [run, before[run]]));
  if (done.length) noted(desk, { words, runs: done, before: undoable });
  return problem;
}

/** @param {Table.Store} store @param {ReadonlyMap<string, Patch>} patches */
async function send(store, patches) {
  const done = /** @type {string[]} */ ([]);
  /** @type {Problem | null} */
  let problem = null;
  for (const [run, patch] of patches) {
    try {
      store.dispatch({ type: "known", runs: [await patchRun(run, patch)] });
      done.push(run);
    } catch (error) {
      problem ??= problemOf(error);
    }
  }
  return { done, problem };
}

/** What a patch would put back. @param {RunView | undefined} run @param {Patch} patch @returns {Patch} */
function stoodThere(run, patch) {
  if (!run) return {};
  const { name, note, tags, starred } = run;
  const all = { name, note, tags, starred };
  return Object.fromEntries(Object.keys(patch).map((key) => [key, all[/** @type {keyof typeof all} */ (key)]]));
}

/** Takes back the last change that can be. @param {Desk} desk @returns {Promise<void>} */
async function undo({ store, waiting }) {
  const change = store.get().changes.at(-1);
  if (!change) return;
  waiting.delete(change.id);
  store.dispatch({ type: "change/undone", id: change.id });
  if (!change.before) return;
  const { problem } = await send(store, new Map(Object.entries(change.before)));
  if (problem) store.dispatch({ type: "notice", text: `Not undone: ${problem.detail}` });
}
