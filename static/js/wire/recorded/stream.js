// A stream that brings what was recorded of a run, once, and then is still: in place of the socket of stream.js.

import { decode } from "../codec.js";

/** @typedef {import("./recording.js").Recording} Recording */

/**
 * @param {Recording} recording
 * @param {{onArrival: () => void}} handlers
 */
export function createRecordedStream(recording, { onArrival }) {
  /** @type {Wire.Frame[]} */
  let waiting = [];
  return {
    connect() {},
    /** @param {string | null} run */
    follow(run) {
      waiting = run === recording.target.id ? framesOf(recording) : [];
      if (waiting.length) onArrival();
    },
    /** Nobody is there to obey. */
    command: () => Promise.resolve(false),
    take() {
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
}

/** The events of the run, as few as tell the same. @param {Recording} recording @returns {Wire.Frame[]} */
function framesOf({ view, pictures }) {
  const run = /** @type {Wire.RunView} */ (view);
  const at = { run: run.id, attempt: run.attempt };
  /** @type {unknown[]} */
  const frames = [{ kind: "subscribed", ...at, view: run }];
  if (pictures.length) {
    const { trace } = /** @type {Wire.TraceFrame} */ (decode(pictures[pictures.length - 1]));
    frames.push({ kind: "snapshot", ...at, update: run.update, trace });
  }
  return /** @type {Wire.Frame[]} */ (frames);
}
