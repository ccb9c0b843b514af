// The list of runs: pages as they come, then row by row as each run changes. A row never moves by itself: whoever reads
// it shall find it where it was. Pure.

import { NEWEST_FIRST } from "./initial.js";

/** @param {Table.State} state @param {Partial<Table.Listing>} change @returns {Table.State} */
const listed = (state, change) => ({ ...state, listing: { ...state.listing, ...change } });

/**
 * Another filter or order, or the same anew; the rows that are there stay until the answer.
 * @param {Table.State} state @param {{filter?: string, sort?: string}} query @returns {Table.State}
 */
export function wantList(state, query) {
  const { filter = state.listing.filter, sort = state.listing.sort } = query;
  const change = { filter, sort, version: state.listing.version + 1, problem: null };
  return listed({ ...state, choosingAll: false }, change);
}

/**
 * @param {Table.State} state @param {{version: number, runs: RunView[], total: number}} page
 * @returns {Table.State}
 */
export function withPage(state, { version, runs, total }) {
  const { listing } = state;
  if (version !== listing.version) return state;
  const first = listing.shown !== version;
  const before = first ? [] : listing.order;
  const there = new Set(before);
  const order = [...before, ...runs.map(({ id }) => id).filter((id) => !there.has(id))];
  const all = listing.filter ? state.all : total;
  // A short page ends the list, whatever its total was when it was counted.
  const known = runs.length ? Math.max(total, order.length) : order.length;
  const news = first ? 0 : listing.news;
  const change = { order, total: known, shown: version, of: listing.filter, problem: null, news };
  return chosenOnceComplete(listed({ ...withViews(state, runs), all }, change));
}

/** @param {Table.State} state @param {{version: number, problem: Problem}} failure @returns {Table.State} */
export const withFailure = (state, { version, problem }) =>
  version === state.listing.version ? listed({ ...state, choosingAll: false }, { problem }) : state;

/** @param {Table.State} state @param {number} rows @returns {Table.State} */
export const withSeen = (state, rows) => (rows > state.listing.wanted ? listed(state, { wanted: rows }) : state);

/** Whether every run of the list is here. @param {Table.Listing} listing */
export const isComplete = ({ version, shown, order, total }) =>
  shown === version && total !== null && order.length >= total;

/**
 * The page to ask for next; null where enough is here.
 * @param {Table.State} state
 * @returns {{version: number, after: string | null} | null}
 */
export function nextPage({ listing, by, choosingAll }) {
  const { version, shown, order, wanted, problem } = listing;
  if (problem) return null;
  if (shown !== version) return { version, after: null };
  if (isComplete(listing)) return null;
  const everything = by !== "none" || choosingAll;
  return everything || wanted > order.length ? { version, after: order[order.length - 1] ?? null } : null;
}

/** @param {Table.State} state @returns {Table.State} */
export function chosenOnceComplete(state) {
  if (!state.choosingAll || !isComplete(state.listing)) return state;
  return { ...state, choosingAll: false, group: null, chosen: new Set(state.listing.order) };
}

/** @param {Table.State} state @param {readonly RunView[]} views @returns {Table.State} */
export function withViews(state, views) {
  if (views.length === 0) return state;
  const runs = new Map(state.runs);
  let { newest } = state;
  for (const view of views) {
    const known = runs.get(view.id);
    if (!known || view.seq >= known.seq) runs.set(view.id, view);
    if (view.created > newest) newest = view.created;
  }
  return { ...state, runs, newest };
}

/**
 * The newest runs, told when the socket opens: what is known of them is told anew, and after a lost link, or when more
 * changed than could be told, the list is asked for again.
 * @param {Table.State} state @param {Wire.RunsFrame} frame @returns {Table.State}
 */
export function withNewest(state, { runs, total }) {
  const known = runs.filter(({ id }) => state.runs.has(id));
  const next = { ...withViews(state, known), all: total, greeted: true };
  if (!state.greeted && !state.listing.problem)
    return { ...next, newest: runs[0] && runs[0].created > next.newest ? runs[0].created : next.newest };
  return wantList(next, {});
}

/**
 * One row: a new run, another state of one, or none where the run was deleted.
 * @param {Table.State} state @param {Wire.RowFrame} frame @returns {Table.State}
 */
export function withRow(state, { run, view }) {
  if (!view) return withoutRuns({ ...state, all: state.all === null ? null : Math.max(state.all - 1, 0) }, [run]);
  if (state.runs.has(run)) return withViews(state, [view]);
  if (view.created <= state.newest) return state; // an older one, which comes with its page
  const more = state.all === null ? null : state.all + 1;
  const next = joined({ ...state, all: more, newest: view.created }, view);
  const { listing } = next;
  if (listing.filter || listing.sort !== NEWEST_FIRST || listing.shown !== listing.version)
    return listed(next, { news: listing.news + 1 });
  const total = listing.total === null ? null : listing.total + 1;
  return listed(withViews(next, [view]), { order: [run, ...listing.order], total });
}

/** A run that joins the group that is chosen is chosen too. @param {Table.State} state @param {RunView} view */
function joined(state, view) {
  if (state.group === null || view.group !== state.group) return state;
  return { ...withViews(state, [view]), chosen: new Set([...state.chosen, view.id]) };
}

/**
 * Without runs that are gone, wherever they were named.
 * @param {Table.State} state @param {readonly string[]} ids @returns {Table.State}
 */
export function withoutRuns(state, ids) {
  const gone = new Set(ids);
  const { listing } = state;
  const order = listing.order.filter((id) => !gone.has(id));
  const fewer = listing.order.length - order.length;
  const total = listing.total === null ? null : Math.max(listing.total - fewer, order.length);
  const without = (/** @type {ReadonlySet<string>} */ set) =>
    ids.some((id) => set.has(id)) ? new Set([...set].filter((id) => !gone.has(id))) : set;
  const runs = new Map(state.runs);
  const curves = new Map(state.curves);
  for (const id of ids) {
    runs.delete(id);
    curves.delete(id);
  }
  const next = { ...state, runs, curves, chosen: without(state.chosen), removing: without(state.removing) };
  const editing = state.editing !== null && gone.has(state.editing) ? null : state.editing;
  return listed({ ...next, editing }, { order: fewer ? order : listing.order, total });
}
