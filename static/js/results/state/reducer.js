// What changes the page of results: rows as they come, then row by row as each trial goes on. Pure.

import { isLive } from "../numbers/trials.js";

/** @param {Results.State} state @param {Results.Action} action @returns {Results.State} */
export function reduce(state, action) {
  switch (action.type) {
    case "rows":
      return { ...state, results: newest(state.results, action.results), got: action.version, problem: null };
    case "rows/failed":
      return { ...state, got: action.version, problem: action.problem };
    case "choose":
      return { ...state, choice: { ...state.choice, ...action.choice } };
    case "frame":
      return framed(state, action.message);
    case "link":
      return { ...state, link: { status: action.status, retryAt: action.retryAt ?? 0 } };
    case "view/theme":
      return { ...state, theme: action.theme };
    case "notice":
      return { ...state, notice: action.text };
  }
}

/** @param {Results.State} state @returns {Results.State} */
const again = (state) => ({ ...state, wanted: state.wanted + 1 });

/** An answer that was on its way while a row came has the older one. @param {Wire.GroupResults | null} before
 * @param {Wire.GroupResults} results @returns {Wire.GroupResults} */
function newest(before, results) {
  if (!before) return results;
  const known = new Map(before.rows.map((row) => [row.run, row]));
  const rows = results.rows.map((row) => {
    const mine = known.get(row.run);
    return mine && mine.attempt === row.attempt && mine.seq > row.seq ? { ...mine, values: row.values } : row;
  });
  return { ...results, rows };
}

/** @param {Results.State} state @param {Wire.Frame} message @returns {Results.State} */
function framed(state, message) {
  if (message.kind === "runs") return greeted(state);
  if (message.kind !== "row") return state;
  const { results } = state;
  const place = results ? results.rows.findIndex(({ run }) => run === message.run) : -1;
  if (!results || place < 0) return message.view?.group === state.group ? again(state) : state;
  const { view } = message;
  if (!view)
    return withRows(
      state,
      results,
      results.rows.filter((_, at) => at !== place),
    );
  const row = results.rows[place];
  // Another attempt may have another seed: what it differs in is the server's to say.
  if (view.attempt !== row.attempt) return again(state);
  return view.seq < row.seq
    ? state
    : withRows(
        state,
        results,
        results.rows.map((one, at) => (at === place ? moved(row, view) : one)),
      );
}

/** The first word of a connection: rows may have changed since they were asked for. @param {Results.State} state */
function greeted(state) {
  const some = state.results === null || state.greeted || state.results.rows.some(isLive);
  return some ? again({ ...state, greeted: true }) : { ...state, greeted: true };
}

/** @param {Results.State} state @param {Wire.GroupResults} results @param {Results.Row[]} rows */
const withRows = (state, results, rows) => ({ ...state, results: { ...results, rows } });

/** A trial that went on: all but its settings. @param {Results.Row} row @param {RunView} view @returns {Results.Row} */
export const moved = (row, view) => ({
  ...row,
  name: view.name,
  seq: view.seq,
  status: view.status,
  reason: view.reason,
  update: view.update,
  updates: view.updates,
  fresh: view.fresh,
  best: view.best,
  verdict: view.verdict?.word ?? null,
  seconds: view.trained_s,
  steered: view.params_version > 0,
});
