// Turning a knob: on a live run it is pending until the run acknowledges it, on a stored network it re-probes.

/** @type {KnobState} */
export const NO_KNOBS = { pending: {}, override: {}, problems: {}, moving: {}, undo: null };

/**
 * @param {State} state
 * @param {KnobAction} action knob/turn {name, from, value, command | null} · knob/move {name, value} ·
 *   knob/edited {name, problem} · knob/refused {name, detail} · knob/release
 * @returns {State}
 */
export function knobs(state, action) {
  switch (action.type) {
    case "knob/turn":
      return { ...state, gesture: "knob", knobs: turn(state.knobs, action) };
    case "knob/move":
      return { ...state, knobs: move(state.knobs, action.name, action.value) };
    case "knob/edited":
      return { ...state, knobs: edited(state.knobs, action.name, action.problem) };
    case "knob/refused":
      return { ...state, knobs: refuse(state.knobs, action.name, action.detail) };
    case "knob/release":
      return { ...state, knobs: NO_KNOBS };
    default:
      return state;
  }
}

/** @param {KnobState} knobs @param {KnobName} name @param {number} value under the thumb @returns {KnobState} */
const move = (knobs, name, value) => ({ ...edited(knobs, name), moving: { ...knobs.moving, [name]: value } });

/**
 * What was said of a value goes with it, and what is wrong with the next one comes.
 * @param {KnobState} knobs @param {KnobName} name @param {string | null} problem @returns {KnobState}
 */
function edited(knobs, name, problem = null) {
  if ((knobs.problems[name] ?? null) === problem) return knobs;
  const { [name]: _, ...problems } = knobs.problems;
  return { ...knobs, problems: problem === null ? problems : { ...problems, [name]: problem } };
}

/**
 * @param {KnobState} knobs
 * @param {{name: KnobName, from: number, value: number, command: string | null}} action
 * @returns {KnobState}
 */
function turn(knobs, { name, from, value, command }) {
  const { [name]: _, ...problems } = knobs.problems;
  const { [name]: _moved, ...moving } = knobs.moving;
  // A drag that came back to where it began leaves nothing to take back.
  const undo = from === value ? null : { name, from, to: value };
  if (command !== null) {
    return { ...knobs, problems, moving, undo, pending: { ...knobs.pending, [name]: { value, command } } };
  }
  return { ...knobs, problems, moving, undo, override: { ...knobs.override, [name]: value } };
}

/**
 * @param {KnobState} knobs
 * @param {KnobName} name
 * @param {string} detail
 * @returns {KnobState}
 */
function refuse(knobs, name, detail) {
  const { [name]: refused, ...pending } = knobs.pending;
  const { [name]: _moving, ...moving } = knobs.moving;
  // What was asked for before stays, and so does the way back from it.
  return {
    ...knobs,
    pending,
    moving,
    problems: { ...knobs.problems, [name]: detail },
    undo: refused && knobs.undo?.name === name ? null : knobs.undo,
  };
}

/**
 * The old value is still in force: the page never assumed the new one.
 * @param {State} state
 * @param {Wire.RejectedFrame} message
 * @returns {State}
 */
export function rejected(state, { run, command_id, problem }) {
  // It was left meanwhile.
  if (run !== null && run !== state.target?.id) return state;
  const names = Object.entries(state.knobs.pending).filter(([, knob]) => knob.command === command_id);
  if (names.length === 0) return { ...state, problem };
  const pending = { ...state.knobs.pending };
  const problems = { ...state.knobs.problems };
  for (const [name] of names) {
    delete pending[/** @type {KnobName} */ (name)];
    problems[/** @type {KnobName} */ (name)] = problem.detail.replace(/^parameters\./, "");
  }
  return { ...state, knobs: { ...state.knobs, pending, problems, undo: null } };
}

/**
 * Commands have ended, whatever became of them: what is in force is what the run says.
 * @param {State} state @param {string[]} commands @returns {State["knobs"]}
 */
export function ended({ knobs }, commands) {
  const left = Object.entries(knobs.pending).filter(([, knob]) => !commands.includes(knob.command));
  return { ...knobs, pending: Object.fromEntries(left) };
}
