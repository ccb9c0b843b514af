// What everything is compared with: one pinned network, its newest trace and its curves. It stays when another network
// comes into view; that is what it is for. Pure.

import { columnsOf } from "./columns.js";

/** @param {Target} target @param {string} name @returns {Baseline} nothing of it is known yet */
export const newBaseline = (target, name) => ({ target, name, trace: null, metrics: null, problem: null });

/**
 * @param {State} state
 * @param {BaselineAction} action
 * @returns {State}
 */
export function baseline(state, action) {
  const known = state.baseline;
  const mine =
    known !== null &&
    "target" in action &&
    known.target.kind === action.target.kind &&
    known.target.id === action.target.id;
  switch (action.type) {
    case "baseline/pin":
      return { ...state, baseline: mine ? known : newBaseline(action.target, action.name) };
    case "baseline/earlier":
      return { ...state, baseline: state.earlier?.baseline ?? state.baseline };
    case "baseline/loaded":
      return mine
        ? {
            ...state,
            baseline: {
              ...known,
              name: action.name,
              trace: action.trace,
              metrics: action.metrics ? columnsOf(action.metrics) : known.metrics,
              problem: null,
            },
          }
        : state;
    case "baseline/failed":
      return mine ? { ...state, baseline: { ...known, problem: action.problem } } : state;
    case "baseline/release":
      return { ...state, baseline: null, difference: false };
    case "baseline/difference":
      return { ...state, difference: action.on };
    default:
      return state;
  }
}
