// One line at the foot of the page: what computes, and why, when it is slower than it could be. Asked once, at the end.

import { getEngine } from "../../wire/api.js";

/** @param {Wire.EngineView} view */
export function engineWords({ device, backend, why, as_wished }) {
  if (device === null) return `No worker could start: ${why}.`;
  if (backend === null) return `Nothing can be trained on ${device} now: ${why}.`;
  if (!as_wished) return `Computed on ${device}, slower than it could be: ${why}.`;
  // Where there is another device, why it is not this one, or when it will be, is part of the answer.
  const alone = backend === "numba" && !why.includes(";");
  return `Computed on ${device} by ${alone ? "fused loops" : why}.`;
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
