// What may happen to the table of runs, and what it makes of it. Pure.

import { PLAIN_OVERLAY } from "./initial.js";
import {
  chosenOnceComplete,
  wantList,
  withFailure,
  withNewest,
  withPage,
  withRow,
  withSeen,
  withViews,
  withoutRuns,
} from "./list.js";

/** @param {Table.State} state @param {Table.Action} action @returns {Table.State} */
export function reduce(state, action) {
  switch (action.type) {
    case "list/wanted":
      return wantList(state, action);
    case "list/again":
      return wantList(state, {});
    case "list/page":
      return withPage(state, action);
    case "list/failed":
      return withFailure(state, action);
    case "list/seen":
      return withSeen(state, action.rows);
    case "known":
      return withViews(state, action.runs);
    case "frame":
      return onFrame(state, action.message);
    case "curves":
      return { ...state, curves: new Map(state.curves).set(action.run, action.fetched) };
    case "link":
      return { ...state, link: { status: action.status, retryAt: action.retryAt ?? 0 } };
    default:
      return onPerson(state, action);
  }
}

/** What a person does. @param {Table.State} state @param {Table.Action} action @returns {Table.State} */
function onPerson(state, action) {
  switch (action.type) {
    case "by":
      return { ...state, by: action.by, folded: [] };
    case "fold":
      return { ...state, folded: toggled(state.folded, action.key, action.folded) };
    case "choose":
      return choose(state, action.runs, action.on);
    case "choose/all":
      return chosenOnceComplete({ ...state, choosingAll: true });
    case "choose/none":
      return { ...state, chosen: new Set(), group: null, choosingAll: false };
    case "choose/group":
      return { ...state, group: action.group, choosingAll: false, chosen: membersOf(state, action.group) };
    case "edit":
      return { ...state, editing: action.run };
    case "overlay":
      return { ...state, overlay: { ...state.overlay, ...action.options } };
    case "view/theme":
      return { ...state, theme: action.theme };
    case "notice":
      return { ...state, notice: action.text };
    case "said":
      return { ...state, said: action.text };
    case "opened":
      return opened(state, action.view);
    default:
      return onChange(state, action);
  }
}

/** What can be undone. @param {Table.State} state @param {Table.Action} action @returns {Table.State} */
function onChange(state, action) {
  switch (action.type) {
    case "change": {
      const { change } = action;
      const next = { ...state, changes: [...state.changes, change], notice: null };
      if (change.before) return next;
      const gone = choose(next, change.runs, false);
      const choice = { chosen: state.chosen, group: state.group, left: gone.chosen };
      const removing = new Set([...state.removing, ...change.runs]);
      return { ...gone, removing, editing: null, choices: new Map(state.choices).set(change.id, choice) };
    }
    case "change/over":
      return settled(state, action.id);
    case "change/undone": {
      const undone = state.changes.find(({ id }) => id === action.id);
      if (!undone) return state;
      const next = settled(state, action.id);
      if (undone.before) return next;
      const back = { ...next, removing: left(state.removing, undone.runs) };
      const choice = state.choices.get(action.id);
      return choice ? chosenAgain(back, choice, undone.runs) : back;
    }
    case "deleted":
      return withoutRuns(state, action.runs);
    case "delete/failed":
      return { ...state, removing: left(state.removing, action.runs), notice: action.why };
    default:
      return state;
  }
}

/** Without a change that can be undone no longer. @param {Table.State} state @param {number} over */
function settled(state, over) {
  const choices = new Map(state.choices);
  choices.delete(over);
  return { ...state, choices, changes: state.changes.filter(({ id }) => id !== over) };
}

/**
 * Runs that are there again are chosen as before, each in its place; the whole group is, unless a person chose
 * otherwise since.
 * @param {Table.State} state @param {Table.Choice} choice @param {readonly string[]} runs @returns {Table.State}
 */
function chosenAgain(state, { chosen, group, left: rest }, runs) {
  const back = new Set(runs);
  const before = [...chosen].filter((id) => back.has(id) || state.chosen.has(id));
  const same = state.chosen === rest && state.group === null;
  return { ...state, chosen: new Set([...before, ...state.chosen]), group: same ? group : state.group };
}

/** @param {Table.State} state @param {Wire.Frame} message @returns {Table.State} */
function onFrame(state, message) {
  if (message.kind === "runs") return withNewest(state, message);
  if (message.kind === "row") return withRow(state, message);
  return state;
}

/** @param {Table.State} state @param {readonly string[]} runs @param {boolean} on @returns {Table.State} */
function choose(state, runs, on) {
  const chosen = new Set(state.chosen);
  for (const id of runs) {
    if (on) chosen.add(id);
    else chosen.delete(id);
  }
  const whole = on && state.group !== null && runs.every((id) => state.runs.get(id)?.group === state.group);
  return { ...state, chosen, group: whole ? state.group : null };
}

/** Those of a group that are here. @param {Table.State} state @param {string} group */
const membersOf = ({ runs }, group) =>
  new Set([...runs.values()].filter((run) => run.group === group).map(({ id }) => id));

/** What a link says, and nothing else of what was. @param {Table.State} state @param {Table.View} view */
function opened(state, { filter, sort, by, group, chosen, overlay }) {
  const { listing } = state;
  const same = filter === listing.filter && sort === listing.sort;
  const members = group === null ? chosen : membersOf(state, group);
  const next = { ...state, by, group, chosen: members, overlay: { ...PLAIN_OVERLAY, ...overlay }, folded: [] };
  return same ? next : wantList(next, { filter, sort });
}

/** @param {readonly string[]} list @param {string} key @param {boolean} on */
const toggled = (list, key, on) => [...list.filter((one) => one !== key), ...(on ? [key] : [])];

/** @param {ReadonlySet<string>} set @param {readonly string[]} gone */
function left(set, gone) {
  const rest = new Set(set);
  for (const id of gone) rest.delete(id);
  return rest;
}
