// One line at the foot of the page: what computes, and why, when it is slower than it could be. Asked at the end, and
// again while no worker has said so yet: the very first start compiles for a while.

import { getEngine } from "../../wire/api.js";

/** The server itself holds an answer back for seconds while it knows none. */
const AGAIN_MS = 1000;

/** Whether no worker has come yet, nor failed to. @param {Wire.EngineView} view */
const unknown = ({ device, as_wished }) => device === null && as_wished;

/** @param {Wire.EngineView} view */
export function engineWords(view) {
  const { device, backend, why, as_wished } = view;
  if (unknown(view)) return "No worker is ready yet: the first one loads, and compiles its loops where they never ran.";
  if (device === null) return `No worker could start: ${why}.`;
  if (backend === null) return `Nothing can be trained on ${device} now: ${why}.`;
  if (!as_wished) return `Computed on ${device}, slower than it could be: ${why}.`;
  // Where there is another device, why it is not this one, or when it will be, is part of the answer.
  const alone = backend === "numba" && !why.includes(";");
  return `Computed on ${device} by ${alone ? "fused loops" : why}.`;
}

/**
 * Fill the line; a server that cannot say leaves it as it is.
 * @param {Pick<HTMLElement, "textContent" | "dataset" | "title" | "hidden">} line
 * @param {Pick<Store, "dispatch">} store
 * @param {() => Promise<Wire.EngineView>} ask
 */
export async function showEngine(line, store, ask = getEngine) {
  const view = await ask().catch(() => null);
  if (!view) return;
  store.dispatch({ type: "engine", view });
  line.textContent = engineWords(view);
  line.dataset.state = unknown(view) ? "loading" : view.as_wished ? "live" : "error";
  line.title = view.why;
  line.hidden = false;
  if (unknown(view)) setTimeout(showEngine, AGAIN_MS, line, store, ask);
}
