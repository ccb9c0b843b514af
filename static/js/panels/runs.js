// Panel 8: all runs, to look at, to compare with and to delete.

import { find, html, markPanel, whenChanged } from "../layers/dom.js";
import { createBaseline } from "./baseline.js";
import { grouped, readable } from "../numbers.js";
import { scrubbed } from "../selectors/history.js";

const LIVE_PAINT_MS = 500;
const ASK_MS = 3000;
/** Events come of the run in view alone; the list asks for the others. */
const REFRESH_MS = 2000;

/**
 * @param {Store} store
 * @param {ReturnType<typeof import("../commands.js").createCommands>} commands
 * @returns {import("../painter.js").Panel}
 */
export function createRuns(store, commands) {
  const paintBaseline = createBaseline(store);
  const root = find("[data-testid=runs]");
  const list = find("ul", root);
  /** @type {{id: string, timer: ReturnType<typeof setTimeout>} | null} the run whose deletion waits for a second press */
  let asked = null;

  /** The first press asks, the second deletes; the list may be redrawn in between. @param {RunView} one @param {Event} event */
  function remove(one, event) {
    const sure = asked?.id === one.id;
    clearTimeout(asked?.timer);
    asked = sure ? null : { id: one.id, timer: setTimeout(forget, ASK_MS) };
    if (sure) commands.remove(one.id);
    else /** @type {HTMLElement} */ (event.currentTarget).textContent = "delete?";
  }
  function forget() {
    const button = list.querySelector(`[data-focus="delete ${asked?.id}"]`);
    if (button) button.textContent = "×";
    asked = null;
  }
  setInterval(() => {
    const { runs, run, link } = store.get();
    const unseen = runs.some((one) => one.id !== run?.id && (one.status === "running" || one.status === "queued"));
    if (unseen && !document.hidden && link.status !== "lost") commands.refreshRuns();
  }, REFRESH_MS);
  const changed = whenChanged();
  return {
    every: LIVE_PAINT_MS,
    paint(state) {
      const { runs, run, target } = state;
      markPanel(root, { update: scrubbed(state) ?? run?.update ?? null, state: runs.length ? "live" : "empty", note: runs.length ? "" : "No run yet." });
      paintBaseline(state);
      if (!changed(runs, run, target, asked?.id)) return;
      const focused = document.activeElement?.getAttribute("data-focus");
      list.replaceChildren(...runs.map((one) => row(run?.id === one.id ? { ...one, ...run } : one, target, commands, { asked: asked?.id === one.id, remove })));
      if (focused) /** @type {HTMLElement | null} */ (list.querySelector(`[data-focus="${CSS.escape(focused)}"]`))?.focus();
    },
  };
}

/**
 * @param {RunView} run @param {Target | null} target @param {ReturnType<typeof import("../commands.js").createCommands>} commands
 * @param {{asked: boolean, remove: (run: RunView, event: Event) => void}} deletion
 */
function row(run, target, commands, deletion) {
  const chosen = target?.kind === "run" && target.id === run.id;
  const accuracy = run.metrics?.accuracy ?? null;
  const figure = accuracy === null ? "" : ` · accuracy ${accuracy === 0 ? "0" : readable(accuracy, 3)}`;
  return html("li", { "data-run": run.id, "data-status": run.status },
    html("button", { type: "button", class: "run", "aria-pressed": String(chosen), "data-focus": `run ${run.id}`, onclick: () => commands.open({ kind: "run", id: run.id }) },
      html("strong", {}, run.name || run.id),
      html("span", {}, `${run.status} · update ${grouped(run.update)}${figure}`)),
    html("button", { type: "button", class: "icon", "aria-label": `Delete ${run.name || run.id}`, "data-focus": `delete ${run.id}`, onclick: (/** @type {Event} */ event) => deletion.remove(run, event) }, deletion.asked ? "delete?" : "×"));
}
