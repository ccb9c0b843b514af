// Panel 8: all runs, to look at, to compare with and to delete.

import { find, html, markPanel, whenChanged } from "../../draw/layers/dom.js";
import { createBaseline } from "./baseline_panel.js";
import { scrubbed } from "../../state/selectors/history.js";
import { countedUpdate, distinctNames, progress } from "../../state/selectors/runs.js";

const LIVE_PAINT_MS = 500;
const ASK_MS = 3000;
/** Events come of the run in view alone; the list asks for the others. */
const REFRESH_MS = 2000;

/**
 * @param {Store} store
 * @param {ReturnType<typeof import("../../drivers/commands.js").createCommands>} commands
 * @returns {import("../../draw/painter.js").Panel[]} the list, and the row of the run in view, which counts together with the pictures
 */
export function createRuns(store, commands) {
  const paintBaseline = createBaseline(store);
  const root = find("[data-testid=runs]");
  const list = find("ul", root);
  const none = find(".none-yet", root);
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
  /** What the row of the run in view says; it changes with the pictures alone. */
  let told = { id: "", words: "" };
  const inView = {
    every: 0,
    together: true,
    paint(/** @type {State} */ state) {
      markPanel(root, { update: scrubbed(state) ?? countedUpdate(state), state: state.runs.length ? "live" : "empty" });
      const { run } = state;
      if (!run) return void (told = { id: "", words: "" });
      told = { id: run.id, words: progress(run, countedUpdate(state) ?? run.update) };
      const place = list.querySelector(`[data-run="${CSS.escape(run.id)}"] .progress`);
      if (place && place.textContent !== told.words) place.textContent = told.words;
    },
  };
  return [
    {
      every: LIVE_PAINT_MS,
      paint(state) {
        const { runs, run, target } = state;
        none.hidden = runs.length > 0;
        paintBaseline(state);
        if (!changed(runs, run, target, asked?.id)) return;
        const focused = document.activeElement?.getAttribute("data-focus");
        const names = distinctNames(runs);
        list.replaceChildren(
          ...runs.map((one) =>
            row(
              run?.id === one.id ? run : one,
              { name: names.get(one.id) ?? one.id, words: told.id === one.id ? told.words : progress(one, one.update) },
              target,
              commands,
              { asked: asked?.id === one.id, remove },
            ),
          ),
        );
        if (focused)
          /** @type {HTMLElement | null} */ (list.querySelector(`[data-focus="${CSS.escape(focused)}"]`))?.focus();
      },
    },
    inView,
  ];
}

/**
 * @param {RunView} run @param {{name: string, words: string}} text a name that no other has, and how far it is @param {Target | null} target @param {ReturnType<typeof import("../../drivers/commands.js").createCommands>} commands
 * @param {{asked: boolean, remove: (run: RunView, event: Event) => void}} deletion
 */
function row(run, { name, words }, target, commands, deletion) {
  const chosen = target?.kind === "run" && target.id === run.id;
  return html(
    "li",
    { "data-run": run.id, "data-status": run.status },
    html(
      "button",
      {
        type: "button",
        class: "run",
        "aria-pressed": String(chosen),
        "data-focus": `run ${run.id}`,
        title: `started ${new Date(run.created).toLocaleString()}`,
        onclick: () => commands.open({ kind: "run", id: run.id }),
      },
      html("strong", {}, name),
      html("span", { class: "progress" }, words),
    ),
    html(
      "button",
      {
        type: "button",
        class: "icon",
        "aria-label": `Delete ${name}`,
        "data-focus": `delete ${run.id}`,
        onclick: (/** @type {Event} */ event) => deletion.remove(run, event),
      },
      deletion.asked ? "delete?" : "×",
    ),
  );
}
