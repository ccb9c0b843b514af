// Walking the backward pass edge by edge. A walk holds the picture it began with: new data do not move it, and anything
// that asks for another picture ends it.

import { chosenStep } from "../selectors.js";
import { story } from "../shown.js";
import { fitted, stepSpan } from "../selectors/span.js";
import { walkLength, walkView } from "../selectors/walk.js";

/** A span that has to follow shows the reader near its right end: the walk goes left. */
const AHEAD = 0.8;

/**
 * @param {State} state
 * @param {WalkAction} action walk/step {by} · walk/play {on} · walk/first · walk/end
 * @returns {State}
 */
export function walk(state, action) {
  switch (action.type) {
    case "walk/step":
      return step(state, action.by);
    case "walk/play":
      return play(state, action.on);
    case "walk/first":
      return state.walk ? { ...state, walk: { ...state.walk, taken: 0, playing: false } } : state;
    case "walk/end":
      return { ...state, walk: null };
    default:
      return state;
  }
}

/** @param {State} state @returns {Walk | null} the walk under way, or a new one over the picture as it is */
function begun(state) {
  if (state.walk) return state.walk;
  const { trace, state: freshness } = story(state);
  return trace && freshness === "live" && walkLength(trace) > 0 ? { trace, taken: 0, playing: false } : null;
}

/**
 * One edge on or back; back from the first one leaves the walk.
 * @param {State} state
 * @param {number} by
 * @returns {State}
 */
function step(state, by) {
  const now = begun(state);
  if (!now || (!state.walk && by < 0)) return state;
  const taken = Math.min(now.taken + by, walkLength(now.trace));
  if (taken < 0) return { ...state, walk: null };
  return inSight({ ...state, walk: { ...now, taken, playing: now.playing && taken < walkLength(now.trace) } });
}

/**
 * In a long sequence the span goes along, so that the edge that was taken can be seen.
 * @param {State} state
 * @returns {State}
 */
function inSight(state) {
  const { walk: now } = state;
  const edge = walkView(now)?.edge;
  if (!now || !edge) return state;
  const { from, to } = stepSpan(state.span, chosenStep(state, now.trace), now.trace.steps);
  if (edge.reader >= from && edge.reader < to) return state;
  return { ...state, span: fitted(edge.reader - (to - from) * AHEAD, to - from, now.trace.steps) };
}

/** Played again from the end, it begins anew. @param {State} state @param {boolean} on @returns {State} */
function play(state, on) {
  const now = begun(state);
  if (!now) return state;
  const ended = now.taken >= walkLength(now.trace);
  return { ...state, walk: { ...now, taken: on && ended ? 0 : now.taken, playing: on } };
}

/**
 * Whether the picture that the walk holds is still the one that the state asks for.
 * @param {State} before
 * @param {State} after
 */
export function stillHolds(before, after) {
  const same = /** @type {const} */ (["target", "follow", "update", "example", "share", "cutting"]);
  return (
    same.every((key) => before[key] === after[key]) &&
    before.choice.step === after.choice.step &&
    before.choice.whole === after.choice.whole &&
    before.knobs.override === after.knobs.override &&
    before.knobs.pending === after.knobs.pending &&
    before.knobs.moving === after.knobs.moving &&
    before.knockouts.out === after.knockouts.out
  );
}
