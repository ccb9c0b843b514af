// What buttons and knobs do: over the socket when it is open, else over HTTP; the page then waits for the event.

import { PROBE_KNOBS } from "../wire/contract.js";
import { ApiError, deleteRun, problemOf, sendCommand, startRun } from "../wire/api.js";
import { isLive } from "../state/selectors.js";
import { sayFor } from "./notices.js";

/** A command that came back unheard after so long was on a link that looked open. */
const LATE_MS = 1_000;
const SAY_MS = 5_000;
let counter = 0;
const isProbeKnob = (/** @type {string} */ name) => /** @type {readonly string[]} */ (PROBE_KNOBS).includes(name);
const newId = () => `page-${Date.now().toString(36)}-${(counter += 1)}`;

/**
 * @typedef {{command: (run: string, command: Named) => Promise<boolean>,
 *   follow: (run: string | null) => void}} Stream
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
      if (run) send({ store, stream }, run.id, { type, command_id: newId() }, (error) => fail(store, error));
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
 * @typedef {Wire.Command & {command_id: string}} Named
 * @typedef {{store: Store, stream: Stream}} Ends
 */

/**
 * Over the socket; what is not heard of there in time goes by HTTP, under the same id, so that it is done once.
 * @param {Ends} ends @param {string} run @param {Named} command @param {(error: unknown) => void} onError
 */
async function send({ store, stream }, run, command, onError) {
  const sent = performance.now();
  if (await stream.command(run, command)) return;
  if (performance.now() - sent > LATE_MS) sayFor(store, `no answer to ${wordsOf(command)} yet, asking again`, SAY_MS);
  try {
    await sendCommand(run, command);
  } catch (error) {
    onError(unheard(command, error));
  }
}

/** @param {Named} command @param {unknown} error @returns {unknown} what to say where nobody answered */
function unheard(command, error) {
  const problem = problemOf(error);
  if (problem.status !== 0) return error;
  return new ApiError({ ...problem, detail: `${wordsOf(command)} was not obeyed: ${problem.detail}` });
}

/** A command as a person gave it. @param {Named} command */
const wordsOf = ({ type, parameters }) =>
  type === "set_parameters"
    ? /** @type {[string, unknown][]} */ (Object.entries(parameters ?? {}))
        .map(([name, value]) => `${name} = ${String(value)}`)
        .join(", ")
    : type[0].toUpperCase() + type.slice(1);

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
  send(
    { store, stream },
    run.id,
    { type: "set_parameters", parameters: { [name]: value }, command_id: command },
    (error) => store.dispatch({ type: "knob/refused", name, detail: problemOf(error).detail }),
  );
}

/** @param {Store} store @param {Stream} stream @param {(target: Target) => void} open */
function undoReset(store, stream, open) {
  const state = store.get();
  const { earlier, run } = state;
  if (!earlier) return false;
  const onError = (/** @type {unknown} */ error) => fail(store, error);
  const { target } = earlier.baseline;
  if (run && isLive(state)) send({ store, stream }, run.id, { type: "stop", command_id: newId() }, onError);
  if (earlier.was === "running") send({ store, stream }, target.id, { type: "resume", command_id: newId() }, onError);
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
