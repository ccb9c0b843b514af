// Choosing an arc, knocking it out, and taking that back. A knock-out is a question to the network, never a change of
// it: what the answer is stands in the probe, here only what was asked and the answer from before.

import { probeKey, wantedProbe } from "../selectors.js";
import { story } from "../shown.js";

const MOST_UNDO = 50;

/** @type {KnockoutState} */
export const NO_KNOCKOUTS = { out: [], chosen: null, history: [], undone: [], before: null, failedKey: null };

/**
 * @param {State} state
 * @param {ArcAction} action
 * @returns {State}
 */
export function arcs(state, action) {
  const { out } = state.knockouts;
  switch (action.type) {
    case "arc/choose":
      return choose(state, action.arc);
    case "arc/knock":
      return isOut(out, action.arc) ? state : ask(remember(state), [...out, pair(action.arc)]);
    case "arc/restore":
      return isOut(out, action.arc)
        ? ask(
            state,
            out.filter((one) => !same(one, action.arc)),
          )
        : state;
    case "arc/clear":
      return out.length ? ask(state, []) : state;
    case "arc/undo":
      return undo(state);
    case "arc/redo":
      return redo(state);
    case "arc/before":
      return {
        ...state,
        knockouts: { ...state.knockouts, before: { key: action.key, trace: action.trace }, failedKey: null },
      };
    case "arc/before-failed":
      return { ...state, knockouts: { ...state.knockouts, failedKey: action.key } };
    default:
      return state;
  }
}

/** @param {Pair} one @param {Pair} other */
const same = (one, other) => one[0] === other[0] && one[1] === other[1];

/** @param {Pair} arc @returns {Pair} */
const pair = ([reader, source]) => [reader, source];

/** @param {Pair[]} out @param {Pair} arc */
export const isOut = (out, arc) => out.some((one) => same(one, arc));

/** The same arc again lets go of it. @param {State} state @param {Pair} arc @returns {State} */
function choose(state, arc) {
  const { chosen } = state.knockouts;
  const again = chosen !== null && same(chosen, arc) && state.choice.memory === arc[1];
  return {
    ...state,
    choice: { ...state.choice, memory: again ? null : arc[1] },
    knockouts: { ...state.knockouts, chosen: again ? null : pair(arc) },
  };
}

/** What a link brought along has no gesture before it: then Undo puts every arc back. @param {State} state */
function undo(state) {
  const { out, history, undone } = state.knockouts;
  if (history.length === 0 && out.length === 0) return state;
  return back(state, {
    out: history[history.length - 1] ?? [],
    history: history.slice(0, -1),
    undone: [...undone, out],
  });
}

/** @param {State} state */
function redo(state) {
  const { out, history, undone } = state.knockouts;
  if (undone.length === 0) return state;
  return back(remember(state), {
    out: undone[undone.length - 1],
    history: [...history, out],
    undone: undone.slice(0, -1),
  });
}

/**
 * The picture from before the first knock-out: the banner compares with it, and Undo shows it again as it was.
 * @param {State} state
 * @returns {State}
 */
function remember(state) {
  const key = probeKey(wantedProbe(state));
  const shown = story(state);
  if (state.knockouts.out.length || key === null || shown.state !== "live" || !shown.trace) return state;
  return { ...state, knockouts: { ...state.knockouts, before: { key, trace: shown.trace } } };
}

/** @param {State} state @param {Pair[]} out @returns {State} */
function ask(state, out) {
  const history = [...state.knockouts.history, state.knockouts.out].slice(-MOST_UNDO);
  return back(state, { out, history, undone: [] });
}

/**
 * With nothing knocked out the kept answer is the very same question's, so it is shown again bit by bit.
 * @param {State} state
 * @param {{out: Pair[], history: Pair[][], undone: Pair[][]}} change
 * @returns {State}
 */
function back(state, change) {
  const next = { ...state, gesture: /** @type {const} */ ("arc"), knockouts: { ...state.knockouts, ...change } };
  const { before } = next.knockouts;
  const kept = change.out.length === 0 && before !== null && before.key === probeKey(wantedProbe(next));
  return kept ? { ...next, probed: before } : next;
}
