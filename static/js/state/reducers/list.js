// The list of runs: the newest of them, then row by row as each changes.

import { grouped } from "../../draw/numbers.js";

const DELETED = {
  title: "Gone",
  status: 404,
  detail: "This run was deleted; what it last showed stays here. Choose another run or a preset.",
};

/** @param {State} state @param {RunView[]} runs @param {boolean} all whether there are no others @returns {State} */
export function withRuns(state, runs, all) {
  const mine = state.run && runs.find((run) => run.id === state.run?.id);
  if (state.run && !mine && all && state.target?.kind === "run") return { ...state, runs, problem: DELETED };
  if (!mine || !state.run) return { ...state, runs };
  return withNews({ ...state, runs }, state.run, mine);
}

/**
 * What the server was asked for: the newest runs, or one that stands anew or is gone.
 * @param {State} state @param {Extract<Action, {type: "runs" | "row"}>} action @returns {State}
 */
export const list = (state, action) =>
  action.type === "runs" ? { ...state, runs: action.runs } : withRow(state, action.run, action.view);

/**
 * One row of the list: a new run, another state of one, or none where the run was deleted. A run that is older than
 * all that are listed stays unlisted.
 * @param {State} state @param {string} id @param {RunView | null} view @returns {State}
 */
export function withRow(state, id, view) {
  const known = state.runs.some((one) => one.id === id);
  if (!view) {
    const gone = { ...state, runs: known ? state.runs.filter((one) => one.id !== id) : state.runs };
    return state.run?.id === id && state.target?.kind === "run" ? { ...gone, problem: DELETED } : gone;
  }
  const oldest = state.runs[state.runs.length - 1];
  const newer = !oldest || view.created >= oldest.created;
  const runs = known
    ? state.runs.map((one) => (one.id === id ? view : one))
    : newer
      ? [...state.runs, view].sort((a, b) => (a.created < b.created ? 1 : -1))
      : state.runs;
  return state.run?.id === id ? withNews({ ...state, runs }, state.run, view) : { ...state, runs };
}

/**
 * What the list says of the run in view, unless its events said more.
 * @param {State} state @param {RunView} run @param {RunView} mine @returns {State}
 */
function withNews(state, run, mine) {
  const { snapshots: _, ...rest } = mine;
  return { ...state, run: mine.seq >= run.seq ? { ...run, ...rest } : run };
}

/**
 * A file is not what it should be: its weights are not to be had any more.
 * @param {State} state @param {Wire.QuarantinedData} data @returns {State}
 */
export const putAside = (state, { name, update, why }) => ({
  ...state,
  networks: state.networks.filter((each) => each !== update),
  gap: `A checkpoint of update ${grouped(update)} ${name === null ? "is gone" : "was put into quarantine"}: ${why}.`,
});
