// What a person keeps beside the chosen step: up to three pinned steps, and a range of reading steps. Pure.

export const MOST_PINS = 3;

/**
 * @param {State} state
 * @param {KeptAction} action kept/pin {step}: pins it or lets it go · kept/range {range: [from, to] | null}
 * @returns {State}
 */
export function kept(state, action) {
  switch (action.type) {
    case "kept/pin":
      return pin(state, action.step);
    case "kept/range":
      return { ...state, range: action.range && /** @type {Pair} */ ([...action.range].sort((a, b) => a - b)) };
    default:
      return state;
  }
}

/** @param {State} state @param {number} step @returns {State} */
function pin(state, step) {
  if (state.pins.includes(step)) return { ...state, pins: state.pins.filter((one) => one !== step), notice: null };
  if (state.pins.length === MOST_PINS)
    return { ...state, notice: `${MOST_PINS} steps are pinned already; release one first` };
  return { ...state, pins: [...state.pins, step], notice: null };
}

/**
 * Esc: the range goes first, then the pins, the last one first; null when there is neither.
 * @param {State} state
 * @returns {State | null}
 */
export function releaseKept(state) {
  if (state.range) return { ...state, range: null };
  if (state.pins.length) return { ...state, pins: state.pins.slice(0, -1), notice: null };
  return null;
}
