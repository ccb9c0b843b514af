// One line at the foot of the page: what computes, and why, when it is slower than it could be. Asked once, at the end.

import { getEngine } from "../../wire/api.js";

/** @param {Wire.EngineView} view */
export function engineWords({ device, backend, why, as_wished }) {
  if (device === null) return `No worker could start: ${why}.`;
  if (!as_wished) return `Slower than it could be: ${why}.`;
  return backend === "numba" ? `Computed on ${device} by fused loops.` : `Computed on ${device} by ${why}.`;
}

/** Fill the line; a server that cannot say leaves it empty. @param {HTMLElement} line @param {Store} store */
export async function showEngine(line, store) {
  const view = await getEngine().catch(() => null);
  if (!view) return;
  store.dispatch({ type: "engine", view });
  line.textContent = engineWords(view);
  line.dataset.state = view.as_wished ? "live" : "error";
  line.title = view.why;
  line.hidden = false;
}
