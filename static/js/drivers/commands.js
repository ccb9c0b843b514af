// What buttons and knobs do: over the socket when it is open, else over HTTP; the page then waits for the event.

import { PROBE_KNOBS } from "../wire/contract.js";
import { deleteRun, getRuns, problemOf, sendCommand, startRun } from "../wire/api.js";
import { isLive } from "../state/selectors.js";

let counter = 0;
const isProbeKnob = (/** @type {string} */ name) => /** @type {readonly string[]} */ (PROBE_KNOBS).includes(name);
const newId = () => `page-${Date.now().toString(36)}-${(counter += 1)}`;

/**
 * @param {Store} store
 * @param {{command: (run: string, command: Wire.Command) => boolean, follow: (run: string | null) => void}} stream
 */
export function createCommands(store, stream) {
  const fail = (/** @type {unknown} */ error) => store.dispatch({ type: "problem", problem: problemOf(error) });

  /** @param {string} run @param {Wire.Command} command @param {(error: unknown) => void} onError */
  async function send(run, command, onError = fail) {
    if (stream.command(run, command)) return;
    try {
      await sendCommand(run, command);
    } catch (error) {
      onError(error);
    }
  }

  const commands = {
    /** Show a network, in the view that a link names. @param {Target} target @param {Partial<State>} [view] */
    open(target, view = {}) {
      const run = target.kind === "run" ? (store.get().runs.find((one) => one.id === target.id) ?? null) : null;
      store.dispatch({ type: "open", target, run, view });
      stream.follow(target.kind === "run" ? target.id : null);
    },

    /** Start a run of a preset or of an own spec, and follow it. @param {RunWish} spec */
    async train(spec) {
      try {
        const run = await startRun(spec);
        store.dispatch({ type: "runs", runs: [run, ...store.get().runs.filter((one) => one.id !== run.id)] });
        commands.open({ kind: "run", id: run.id });
        return null;
      } catch (error) {
        return problemOf(error);
      }
    },

    /** pause, resume, step, stop, reset, reseed. @param {Wire.CommandType} type */
    run(type) {
      const { run } = store.get();
      store.dispatch({ type: "problem", problem: null });
      if (run) send(run.id, { type, command_id: newId() });
    },

    /** @param {KnobName} name @param {number} value @param {number} from the value in force */
    knob(name, value, from) {
      const { run } = store.get();
      if (!isLive(store.get()) || !run) {
        if (isProbeKnob(name)) store.dispatch({ type: "knob/turn", name, value, from, command: null });
        return;
      }
      const command = newId();
      store.dispatch({ type: "knob/turn", name, value, from, command });
      send(run.id, { type: "set_parameters", parameters: { [name]: value }, command_id: command }, (error) =>
        store.dispatch({ type: "knob/refused", name, detail: problemOf(error).detail }),
      );
    },

    /** @param {string} run */
    async remove(run) {
      try {
        await deleteRun(run);
        const runs = store.get().runs.filter((one) => one.id !== run);
        store.dispatch({ type: "runs", runs });
        const { target, presets } = store.get();
        const first = presets?.find((preset) => preset.pretrained) ?? presets?.[0];
        if (target?.id === run && first) commands.open({ kind: "preset", id: first.name });
      } catch (error) {
        fail(error);
      }
    },

    /** Asked again soon, so a failure is no news. */
    async refreshRuns() {
      try {
        store.dispatch({ type: "runs", runs: await getRuns() });
      } catch {
        // The link says when the server is gone.
      }
    },
  };
  return commands;
}
