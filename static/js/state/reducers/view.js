// What a person looks at: chosen step and memory, hover, update scrubber, share, theme, tour.

import { releaseKept } from "./kept.js";

/**
 * @param {State} state
 * @param {ViewAction} action
 * @returns {State}
 */
export function view(state, action) {
  switch (action.type) {
    case "view/step":
      return inSight(choose(state, { step: action.step, memory: action.memory ?? null }));
    case "view/span":
      return { ...state, span: action.span };
    case "view/memory":
      return choose(state, { memory: state.choice.memory === action.memory ? null : action.memory });
    case "view/whole":
      return choose(state, { whole: action.on });
    case "view/release":
      return release(state);
    case "view/hover":
      return hover(state, action.step ?? null, action.memory ?? null);
    case "view/update":
      return { ...state, follow: false, update: action.update };
    case "view/follow":
      return follow(state, action.on);
    case "view/play":
      return { ...state, playing: action.on };
    case "view/example":
      return { ...state, example: action.example, own: null };
    case "view/own":
      return { ...state, own: action.text };
    case "view/cutting":
      return { ...state, cutting: { ...state.cutting, ...action.cutting } };
    case "view/preset":
      return { ...state, preset: action.preset };
    case "view/restore":
      return { ...state, ...action.view };
    case "view/tour":
      return { ...state, tour: action.stop };
    default:
      return drawing(state, action);
  }
}

/** How it is drawn, whatever is in view. @param {State} state @param {ViewAction} action @returns {State} */
function drawing(state, action) {
  switch (action.type) {
    case "view/share":
      return { ...state, share: action.share };
    case "view/scale":
      return { ...state, scale: { each: action.each, locked: null } };
    case "view/lock":
      return { ...state, scale: { ...state.scale, locked: action.range } };
    case "view/cell":
      return { ...state, cell: action.on };
    case "view/theme":
      return { ...state, theme: action.theme };
    default:
      return state;
  }
}

/** A span of a long sequence that does not show the chosen step gives way. @param {State} state @returns {State} */
function inSight(state) {
  const {
    span,
    choice: { step },
  } = state;
  return span && step !== null && (step < span.from || step >= span.to) ? { ...state, span: null } : state;
}

/** Follow off stays where the picture is. @param {State} state @param {boolean} on @returns {State} */
function follow(state, on) {
  if (on) return { ...state, follow: true, update: null, stored: null, playing: false };
  const last = state.snapshots[state.snapshots.length - 1];
  return {
    ...state,
    follow: false,
    update: state.update ?? state.live?.update ?? last ?? null,
    stored: state.stored ?? state.live,
  };
}

/** @param {State} state @param {Partial<Choice>} change @returns {State} */
function choose(state, change) {
  return { ...state, choice: { ...state.choice, ...change } };
}

/**
 * Esc lets go of the last thing chosen: the memory first, then what is kept, then the step.
 * @param {State} state
 * @returns {State}
 */
function release(state) {
  const { memory, step } = state.choice;
  if (memory !== null) return choose(state, { memory: null });
  const released = releaseKept(state);
  if (released) return released;
  return step === null ? state : choose(state, { step: null });
}

/** @param {State} state @param {number | null} step @param {number | null} memory @returns {State} */
function hover(state, step, memory) {
  if (state.hover.step === step && state.hover.memory === memory) return state;
  return { ...state, hover: { step, memory } };
}
