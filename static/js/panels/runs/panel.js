// Panel 8: all runs, to look at, to compare with and to delete.

import { find, html, markPanel, whenChanged } from "../../draw/layers/dom.js";
import { createBaseline } from "./baseline_panel.js";
import { createBundles } from "./bundles_panel.js";
import { scrubbed } from "../../state/selectors/history.js";
import { countedUpdate, distinctNames, progress, verdictKind, verdictWords } from "../../state/selectors/runs.js";

const LIVE_PAINT_MS = 500;
const ASK_MS = 3000;
const AGAIN = "a new run with the same settings: change what you like";

/**
 * @typedef {ReturnType<typeof import("../../drivers/commands.js").createCommands>} Commands
 * @typedef {ReturnType<typeof asksTwice>} Deletion
 * @typedef {{id: string, words: string}} Told what the row of the run in view says; it changes with the pictures alone
 */

/**
 * @param {Store} store
 * @param {Commands} commands
 * @param {(id: string) => void} duplicate opens the form with the settings of a run
 * @returns {import("../../draw/painter.js").Panel[]} the list, and the row of the run in view, which counts together
 *   with the pictures
 */
export function createRuns(store, commands, duplicate) {
  const root = find("[data-testid=runs]");
  const list = find("ul", root);
  const none = find(".none-yet", root);
  const paintBaseline = createBaseline(store);
  const paintBundles = createBundles(store, commands);
  const deletion = asksTwice(list, commands);
  const changed = whenChanged();
  /** @type {Told} */
  let told = { id: "", words: "" };
  return [
    {
      every: LIVE_PAINT_MS,
      paint(state) {
        const { runs, run, target } = state;
        none.hidden = runs.length > 0;
        paintBaseline(state);
        paintBundles(state);
        if (changed(runs, run, target)) paintList(list, state, told, (id) => row(id, commands, deletion, duplicate));
      },
    },
    {
      every: 0,
      together: true,
      paint(state) {
        markPanel(root, {
          update: scrubbed(state) ?? countedUpdate(state),
          state: state.runs.length ? "live" : "empty",
        });
        told = paintTold(list, state);
      },
    },
  ];
}

/**
 * The first press asks, the second deletes; the list may be redrawn in between.
 * @param {Element} list @param {Commands} commands
 */
function asksTwice(list, commands) {
  /**
   * @type {{id: string, timer: ReturnType<typeof setTimeout>} | null} the run whose deletion waits for a second press
   */
  let asked = null;
  function forget() {
    const button = list.querySelector(`[data-focus="delete ${asked?.id}"]`);
    if (button) button.textContent = "×";
    asked = null;
  }
  return {
    asked: () => asked?.id,
    /** @param {string} id of a run @param {Event} event */
    remove(id, event) {
      const sure = asked?.id === id;
      clearTimeout(asked?.timer);
      asked = sure ? null : { id, timer: setTimeout(forget, ASK_MS) };
      if (sure) commands.remove(id);
      else /** @type {HTMLElement} */ (event.currentTarget).textContent = "delete?";
    },
  };
}

/**
 * A row stays the same element, in the page, for as long as its run is listed, so that a redraw between the press and
 * the release of a button does not lose the click.
 * @param {Element} list @param {State} state @param {Told} told @param {(id: string) => HTMLElement} create
 */
function paintList(list, { runs, run, target }, told, create) {
  const names = distinctNames(runs);
  const rows = runs.map((one) => {
    const element = /** @type {HTMLElement | null} */ (list.querySelector(`[data-run="${CSS.escape(one.id)}"]`));
    const words = told.id === one.id ? told.words : progress(one, one.update);
    const chosen = target?.kind === "run" && target.id === one.id;
    return fillRow(
      element ?? create(one.id),
      run?.id === one.id ? run : one,
      names.get(one.id) ?? one.id,
      words,
      chosen,
    );
  });
  if (rows.length === list.children.length && rows.every((element, place) => element === list.children[place])) return;
  const focused = document.activeElement?.getAttribute("data-focus");
  moveIn(list, rows);
  if (focused) /** @type {HTMLElement | null} */ (list.querySelector(`[data-focus="${CSS.escape(focused)}"]`))?.focus();
}

/**
 * Brings the rows into the list in their order; one that stands at its place is never taken out of the page.
 * @param {Element} list @param {HTMLElement[]} rows
 */
function moveIn(list, rows) {
  const listed = new Set(/** @type {Element[]} */ (rows));
  for (const child of [...list.children]) if (!listed.has(child)) child.remove();
  rows.forEach((element, place) => {
    const there = list.children[place] ?? null;
    if (there !== element) list.insertBefore(element, there);
  });
}

/** @param {Element} list @param {State} state @returns {Told} */
function paintTold(list, state) {
  const { run } = state;
  if (!run) return { id: "", words: "" };
  const words = progress(run, countedUpdate(state) ?? run.update);
  // From the list on: the body has the id of the run in view too.
  const place = list.querySelector(`:scope > [data-run="${CSS.escape(run.id)}"] .progress`);
  if (place && place.textContent !== words) place.textContent = words;
  return { id: run.id, words };
}

/** Two sheets, drawn: not every font has a sign for it. */
const twofold = () => html("i", { class: "twofold", "aria-hidden": "true" });

/** @param {string} id @param {Commands} commands @param {Deletion} deletion @param {(id: string) => void} duplicate */
function row(id, commands, deletion, duplicate) {
  const open = html(
    "button",
    { type: "button", class: "run", "data-focus": `run ${id}`, onclick: () => commands.open({ kind: "run", id }) },
    html("strong"),
    html("span", { class: "verdict", hidden: true }),
    html("span", { class: "progress" }),
  );
  const again = html(
    "button",
    { type: "button", class: "icon again", title: AGAIN, onclick: () => duplicate(id) },
    twofold(),
  );
  const remove = html(
    "button",
    {
      type: "button",
      class: "icon",
      "data-focus": `delete ${id}`,
      onclick: (/** @type {Event} */ event) => deletion.remove(id, event),
    },
    deletion.asked() === id ? "delete?" : "×",
  );
  return html("li", { "data-run": id }, open, again, remove);
}

/**
 * @param {HTMLElement} element @param {RunView} run @param {string} name that no other has
 * @param {string} words how far it is @param {boolean} chosen
 */
function fillRow(element, run, name, words, chosen) {
  const [open, again, remove] = element.querySelectorAll("button");
  element.dataset.status = run.status;
  open.setAttribute("aria-pressed", String(chosen));
  open.title = `started ${new Date(run.imported?.started ?? run.created).toLocaleString()}`;
  again.setAttribute("aria-label", `Duplicate ${name}`);
  remove.setAttribute("aria-label", `Delete ${name}`);
  find("strong", open).textContent = name;
  find(".progress", open).textContent = words;
  fillVerdict(find(".verdict", open), run.verdict);
  return element;
}

/** @param {HTMLElement} place @param {Wire.VerdictView | null} verdict */
function fillVerdict(place, verdict) {
  place.hidden = !verdict;
  place.dataset.kind = verdict ? verdictKind(verdict) : "";
  place.title = verdict ? verdictWords(verdict) : "";
  place.textContent = verdict?.label ?? "";
}
