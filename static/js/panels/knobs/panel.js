// Panel 7: the knobs, the chosen step, the example, undo.

import { FIELDS } from "../../wire/contract.js";
import { createNumber } from "../../controls/number_slider.js";
import { wantedOf } from "../../controls/numbers/wanted.js";
import { find, markPanel, whenChanged } from "../../draw/layers/dom.js";
import { knobText } from "../../draw/numbers.js";
import { isLive } from "../../state/selectors.js";
import { story } from "../../state/shown.js";
import { scrubbed } from "../../state/selectors/history.js";
import { createChoice } from "./choice_panel.js";
import { hasArcs, knobView } from "./selector.js";

/** A pause of this length, or letting the thumb go, asks for the exact answer. */
const SEND_AFTER_MS = 80;
const KNOBS_OF_RUN = Object.values(FIELDS)
  .filter(({ slider }) => slider !== null)
  .map(knobOptions);

/** @typedef {ReturnType<typeof controlParts>} Parts */

/**
 * @param {Store} store
 * @param {ReturnType<typeof import("../../drivers/commands.js").createCommands>} commands
 * @returns {import("../../draw/painter.js").Panel}
 */
export function createControls(store, commands) {
  const parts = controlParts();
  const { root, undo, knobs } = parts;
  const paintChoice = createChoice(store, root);
  for (const { name, control } of knobs) {
    sendLater(store, commands, name, control);
    listenToField(store, name, control, find("#knob-refused", root));
  }
  undo.addEventListener("click", () => {
    const last = store.get().knobs.undo;
    if (last) commands.knob(last.name, last.from, last.to);
  });
  return {
    every: 60,
    paint(state) {
      const { trace } = story(state);
      const update = scrubbed(state) ?? state.run?.update ?? trace?.update ?? null;
      markPanel(root, { update, state: state.target ? "live" : "loading" });
      for (const { name, control, changed } of knobs) paintKnob(state, name, control, changed);
      paintChoice(state, trace);
      paintUndo(parts, state);
    },
  };
}

function controlParts() {
  const root = find("[data-testid=controls]");
  const knobs = KNOBS_OF_RUN.map((options) => ({
    name: options.name,
    control: createNumber(options),
    changed: whenChanged(),
  }));
  find("#knobs", root).append(...knobs.map(({ control }) => control));
  return { root, knobs, undo: /** @type {HTMLButtonElement} */ (find("#undo", root)) };
}

/** @param {Parts} parts @param {State} state */
function paintUndo({ root, undo }, state) {
  const last = state.knobs.undo;
  undo.hidden = !last;
  if (last) undo.textContent = `Undo ${last.name} ${knobText(last.name, last.from)} → ${knobText(last.name, last.to)}`;
  find("#weights-note", root).textContent = isLive(state)
    ? "Knobs act on the running network from the next update on."
    : `The weights stay as they are.${!last && hasArcs(state) ? " Drag k_top to 0: the arcs must vanish." : ""}`;
}

/**
 * @param {State} state @param {KnobName} name @param {import("../../controls/number_slider.js").NumberControl} control
 * @param {(...values: unknown[]) => boolean} changed
 */
function paintKnob(state, name, control, changed) {
  const view = knobView(state, name);
  if (!changed(view.value, view.pending, view.note, view.disabled)) return;
  control.dataset.pending = String(view.pending);
  control.dataset.problem = String(view.problem !== null);
  control.disabled = view.disabled;
  if (view.value !== null && !control.dataset.moving) control.value = view.value;
  find(".output", control).textContent = knobText(name, view.value);
  find(".knob-note", control).textContent = view.note;
}

/**
 * What is said of a number that is being typed, below the knob and aloud; nothing of it is sent or redrawn.
 * @param {Store} store @param {KnobName} name @param {import("../../controls/number_slider.js").NumberControl} control
 * @param {HTMLElement} aloud
 */
function listenToField(store, name, control, aloud) {
  /** @type {string | null} */
  let said = null;
  const tell = (/** @type {string | null} */ problem) => {
    [said, aloud.textContent] = [problem, problem];
    store.dispatch({ type: "knob/edited", name, problem });
  };
  control.addEventListener("edit", () => tell(null));
  control.addEventListener("refuse", (event) => tell(/** @type {CustomEvent<string | null>} */ (event).detail));
  // It is told while the knobs are painted, and whoever moved the value may have said something of it.
  control.addEventListener("forget", () =>
    queueMicrotask(() => said !== null && store.get().knobs.problems[name] === said && tell(null)),
  );
}

/**
 * While a person drags, only the last value of a short while is sent; a drag is one gesture, however slow, so Undo
 * takes all of it back.
 * @param {Store} store @param {ReturnType<typeof import("../../drivers/commands.js").createCommands>} commands
 * @param {KnobName} name @param {import("../../controls/number_slider.js").NumberControl} control
 */
function sendLater(store, commands, name, control) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {number | null} the value from before the drag under way */
  let before = null;
  const now = () => {
    const { value, inForce } = knobView(store.get(), name);
    return value ?? inForce;
  };
  function send() {
    clearTimeout(timer);
    if (!control.dataset.moving) return;
    delete control.dataset.moving;
    commands.knob(name, control.value, before ?? now() ?? control.value);
  }
  control.addEventListener("grab", () => {
    before = now();
  });
  control.addEventListener("settle", () => {
    send();
    before = null;
  });
  control.addEventListener("input", () => {
    clearTimeout(timer);
    control.dataset.moving = "yes";
    store.dispatch({ type: "knob/move", name, value: control.value });
    find(".output", control).textContent = knobText(name, control.value);
    timer = setTimeout(send, SEND_AFTER_MS);
  });
}

/**
 * A knob as a slider over its comfortable range, beside a field that takes all of it.
 * @param {import("../../wire/contract.js").Field} knob
 */
function knobOptions({ path, help, slider, high, log, kind }) {
  const name = /** @type {KnobName} */ (path.split(".")[1]);
  const [min, max] = slider ?? [0, high];
  const nameOn = /** @type {"slider" | "field"} */ (kind === "whole" ? "slider" : "field");
  const wanted = { ...wantedOf(path), name, remedy: "the old value stays, Esc brings it back" };
  return { name, label: name, hint: kind === "whole" ? help : "", min, max, step: 1, log, nameOn, wanted };
}
