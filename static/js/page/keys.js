// Keys that act everywhere but in a field: ← → choose a step, Esc lets go of the last thing chosen, and single keys for
// the rest, which can be switched off (WCAG 2.1.4). Keys of one drawing are in panels/paths/keys_layer.js and
// panels/attention/cell_keys.js.

import { find } from "../draw/layers/dom.js";
import { chosenStep } from "../state/selectors.js";
import { story } from "../state/shown.js";
import { moveWords } from "./words/moves.js";
import { knobView, valueInForce } from "../panels/knobs/selector.js";

const OFF = "single-keys-off";

/**
 * @param {Store} store
 * @param {Commands} commands
 * @param {(text: string) => void} say
 */
export function listenToKeys(store, commands, say) {
  const dialog = /** @type {HTMLDialogElement} */ (find("#keys-dialog"));
  const list = () => dialog.showModal();
  const single = /** @type {HTMLInputElement} */ (find("input[name=single_keys]", dialog));
  single.checked = !remembered();
  single.addEventListener("change", () => remember(!single.checked));
  find("#keys").addEventListener("click", list);
  // They stand beside the pictures and come after them.
  find("#skip").addEventListener("click", () => find("#knobs input").focus());
  const keys = singleKeys(store, (by) => turnMemories(store, commands, say, by), list);
  document.addEventListener("keydown", (event) => onKey(store, event, single.checked ? keys : {}));
  sayMoves(store, say);
}

/** @typedef {ReturnType<typeof import("../drivers/commands.js").createCommands>} Commands */

/**
 * What each key of one character does.
 * @param {Store} store
 * @param {(by: number) => void} turn
 * @param {() => void} list
 * @returns {Record<string, () => void>}
 */
function singleKeys(store, turn, list) {
  const press = (/** @type {string} */ id) => /** @type {HTMLButtonElement} */ (find(`#${id}`)).click();
  return {
    " ": () => press(store.get().run ? "pause" : "train"),
    ".": () => press("step"),
    "[": () => turn(-1),
    "]": () => turn(1),
    p: () => pin(store),
    e: () => press("export"),
    "?": list,
  };
}

/**
 * k_top, up or down.
 * @param {Store} store
 * @param {Commands} commands
 * @param {(text: string) => void} say
 * @param {number} by
 */
function turnMemories(store, commands, say, by) {
  const state = store.get();
  const { disabled, note } = knobView(state, "k_top");
  if (disabled) return say(note);
  const from =
    (state.run ? state.knobs.pending.k_top?.value : state.knobs.override.k_top) ?? valueInForce(state, "k_top");
  if (from === null || from + by < 0) return;
  commands.knob("k_top", from + by, from);
  say(`k_top ${from + by}`);
}

/** @param {Store} store @param {KeyboardEvent} event @param {Record<string, () => void>} keys of one character */
function onKey(store, event, keys) {
  const place = /** @type {Element | null} */ (event.target);
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (place?.closest("input, select, textarea") || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") return store.dispatch({ type: "view/release" });
  const act = keys[event.key.length === 1 ? event.key.toLowerCase() : ""];
  // Space presses what has the focus, wherever something can be pressed.
  if (act && !event.repeat && !(event.key === " " && place?.closest("button, a, summary, [role=button]"))) {
    event.preventDefault();
    return act();
  }
  moveStep(store, event);
}

/** @param {Store} store @param {(text: string) => void} say what was chosen, whoever chose it */
function sayMoves(store, say) {
  let before = store.get();
  store.subscribe((state, action) => {
    const moved = state.choice !== before.choice || state.pins !== before.pins;
    before = state;
    if (!moved || action.type === "open" || action.type === "frame") return;
    const { trace } = story(state);
    say(moveWords(trace, { step: chosenStep(state, trace), memory: state.choice.memory, pins: state.pins }));
  });
}

/** @param {Store} store @param {KeyboardEvent} event */
function moveStep(store, event) {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const { trace } = story(store.get());
  if (!by || !trace) return;
  event.preventDefault();
  const step = (chosenStep(store.get(), trace) ?? -1) + by;
  store.dispatch({
    type: "view/step",
    step: Math.min(Math.max(step, 0), trace.steps - 1),
    memory: store.get().choice.memory,
  });
}

/** @param {Store} store */
function pin(store) {
  const step = chosenStep(store.get(), story(store.get()).trace);
  if (step !== null) store.dispatch({ type: "kept/pin", step });
}

function remembered() {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false; // Storage is switched off: the keys are on, for this visit.
  }
}

/** @param {boolean} off */
function remember(off) {
  try {
    if (off) localStorage.setItem(OFF, "yes");
    else localStorage.removeItem(OFF);
  } catch {
    // It holds for this visit.
  }
}
