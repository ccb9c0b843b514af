// What buttons and knobs do: over the socket when it is open, else over HTTP; the page then waits for the event.

import { PROBE_KNOBS } from "../wire/contract.js";
import { deleteRun, problemOf, sendCommand, startRun } from "../wire/api.js";
import { isLive } from "../state/selectors.js";

let counter = 0;
const isProbeKnob = (/** @type {string} */ name) => /** @type {readonly string[]} */ (PROBE_KNOBS).includes(name);
const newId = () => `page-${Date.now().toString(36)}-${(counter += 1)}`;

/**
 * @typedef {{command: (run: string, command: Wire.Command) => boolean, follow: (run: string | null) => void}} Stream
 */

/** @param {Store} store @param {Stream} stream */
export function createCommands(store, stream) {
  /** Show a network, in the view that a link names. @param {Target} target @param {Partial<State>} [view] */
  const open = (target, view = {}) => openTarget(store, stream, target, view);
  return {
    open,
    /** Start a run of a preset or of an own spec, and follow it. @param {RunWish} spec */
    async train(spec) {
      try {
        const run = await startRun(spec);
        store.dispatch({ type: "row", run: run.id, view: run });
        open({ kind: "run", id: run.id });
        return null;
      } catch (error) {
        return problemOf(error);
      }
    },
    /** pause, resume, step, stop, reset, reseed. @param {Wire.CommandType} type */
    run(type) {
      const { run } = store.get();
      store.dispatch({ type: "problem", problem: null });
      if (run) send(stream, run.id, { type, command_id: newId() }, (error) => fail(store, error));
    },
    /** @param {KnobName} name @param {number} value @param {number} from the value in force */
    knob: (name, value, from) => turnKnob(store, stream, name, value, from),
    /** Back to the attempt before a reset or reseed, which goes on if it was going on then. Whether there is one. */
    undoReset: () => undoReset(store, stream, open),
    /** @param {string} run */
    remove: (run) => removeRun(store, run, open),
  };
}

/** @param {Store} store @param {unknown} error */
const fail = (store, error) => store.dispatch({ type: "problem", problem: problemOf(error) });

/**
 * @param {Stream} stream @param {string} run @param {Wire.Command} command @param {(error: unknown) => void} onError
 */
async function send(stream, run, command, onError) {
  if (stream.command(run, command)) return;
  try {
    await sendCommand(run, command);
  } catch (error) {
    onError(error);
  }
}

/** @param {Store} store @param {Stream} stream @param {Target} target @param {Partial<State>} view */
function openTarget(store, stream, target, view) {
  const run = target.kind === "run" ? (store.get().runs.find((one) => one.id === target.id) ?? null) : null;
  store.dispatch({ type: "open", target, run, view });
  stream.follow(target.kind === "run" ? target.id : null);
}

/** @param {Store} store @param {Stream} stream @param {KnobName} name @param {number} value @param {number} from */
function turnKnob(store, stream, name, value, from) {
  const { run } = store.get();
  if (!isLive(store.get()) || !run) {
    if (isProbeKnob(name)) store.dispatch({ type: "knob/turn", name, value, from, command: null });
    return;
  }
  const command = newId();
  store.dispatch({ type: "knob/turn", name, value, from, command });
  send(stream, run.id, { type: "set_parameters", parameters: { [name]: value }, command_id: command }, (error) =>
    store.dispatch({ type: "knob/refused", name, detail: problemOf(error).detail }),
  );
}

/** @param {Store} store @param {Stream} stream @param {(target: Target) => void} open */
function undoReset(store, stream, open) {
  const state = store.get();
  const { earlier, run } = state;
  if (!earlier) return false;
  const onError = (/** @type {unknown} */ error) => fail(store, error);
  const { target } = earlier.baseline;
  if (run && isLive(state)) send(stream, run.id, { type: "stop", command_id: newId() }, onError);
  if (earlier.was === "running") send(stream, target.id, { type: "resume", command_id: newId() }, onError);
  if (state.baseline?.target.id === target.id) store.dispatch({ type: "baseline/release" });
  open(target);
  return true;
}

/** @param {Store} store @param {string} run @param {(target: Target) => void} open what is shown when it was in view */
async function removeRun(store, run, open) {
  try {
    await deleteRun(run);
    const { target, presets } = store.get();
    const first = presets?.find((preset) => preset.pretrained) ?? presets?.[0];
    if (target?.id === run && first) open({ kind: "preset", id: first.name });
    store.dispatch({ type: "row", run, view: null });
  } catch (error) {
    fail(store, error);
  }
}
