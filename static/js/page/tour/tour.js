// The tour: five stops (stops.js). A link in the text sets the state and brings its figure into view. Leaving
// brings the view from before back; the stop is remembered, and Tour resumes there. Nothing plays by itself.

import { find, html } from "../../draw/layers/dom.js";
import { toHash } from "../../state/url/state.js";
import { STOPS } from "./stops.js";

const KEPT = "tour-stop";
const BOX_PX = 420;

/**
 * @typedef {import("./stops.js").TourLink} TourLink
 * @typedef {{store: Store, commands: ReturnType<typeof import("../../drivers/commands.js").createCommands>,
 *   show: (hash: string) => void, before: string}} Tour `before` is the view to which leaving leads back
 */

/**
 * @param {Store} store
 * @param {Tour["commands"]} commands
 * @param {(hash: string) => void} show a view
 * @returns {import("../../draw/painter.js").Panel}
 */
export function createTour(store, commands, show) {
  const tour = { store, commands, show, before: "" };
  const box = find("#tour-box");
  find("#tour").addEventListener("click", () => go(tour, remembered()));
  document.addEventListener("keydown", (event) => onEscape(tour, event), { capture: true });
  /** @type {number | null} */
  let shown = null;
  return {
    every: 0,
    paint({ tour: stop }) {
      if (stop === shown) return;
      shown = stop;
      box.hidden = stop === null;
      if (stop === null) return point(null);
      box.replaceChildren(...stopParts(tour, stop));
      point(STOPS[stop].figure);
      find("h2", box).focus({ preventScroll: true });
    },
  };
}

/** @param {Tour} tour @param {number | null} stop null: the tour is left */
function go(tour, stop) {
  const { store, show } = tour;
  if (stop !== null && store.get().tour === null) tour.before = toHash(store.get());
  store.dispatch({ type: "view/tour", stop });
  remember(stop);
  show(stop === null ? tour.before : STOPS[stop].view);
}

/** Ends it here; `stay` keeps what is shown. @param {Tour} tour @param {boolean} stay */
function leave(tour, stay) {
  const at = tour.store.get().tour;
  if (stay) tour.store.dispatch({ type: "view/tour", stop: null });
  else go(tour, null);
  remember(at !== null && at < STOPS.length - 1 ? at : null);
  find("#tour").focus();
}

/** @param {Tour} tour @param {KeyboardEvent} event */
function onEscape(tour, event) {
  if (event.key !== "Escape" || tour.store.get().tour === null || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]")) return;
  event.stopImmediatePropagation();
  leave(tour, false);
}

/** @param {Tour} tour @param {TourLink} link @param {string} figure of the stop */
function follow(tour, link, figure) {
  if (link.act === "train") tour.commands.train({ preset: "copy-10" });
  if (link.act === "form") /** @type {HTMLDetailsElement} */ (find("#run-form").closest("details")).open = true;
  if (link.view) tour.show(link.view);
  point(link.figure ?? figure);
  if (link.act === "form") {
    leave(tour, true);
    find("#run-form select").focus();
  }
}

/** The box at a stop: title, text, and the ways on. @param {Tour} tour @param {number} stop */
function stopParts(tour, stop) {
  const { title, text, figure } = STOPS[stop];
  const last = stop === STOPS.length - 1;
  const button = (/** @type {string} */ label, /** @type {() => void} */ act, primary = false) =>
    html("button", { type: "button", class: primary ? "primary" : null, onclick: act }, label);
  return [
    html("h2", { tabindex: -1, id: "tour-title" }, `${stop + 1} of ${STOPS.length} · ${title}`),
    html("p", {}, ...text.map((part) => word(tour, part, figure))),
    html(
      "div",
      { class: "row" },
      stop > 0 && button("Back", () => go(tour, stop - 1)),
      !last && button("Next", () => go(tour, stop + 1), true),
      last && button("Done", () => leave(tour, true), true),
      button("Leave", () => leave(tour, false)),
      stop > 0 && button("From the start", () => go(tour, 0)),
    ),
  ];
}

/** @param {Tour} tour @param {string | TourLink} part @param {string} figure */
function word(tour, part, figure) {
  if (typeof part === "string") return part;
  const onclick = (/** @type {Event} */ event) => {
    event.preventDefault();
    follow(tour, part, figure);
  };
  return part.view
    ? html("a", { href: `#${part.view}`, onclick }, part.say)
    : html("button", { type: "button", class: "inline", onclick }, part.say);
}

/** Outlines a figure and brings it into view, above the box that speaks of it. @param {string | null} figure */
function point(figure) {
  for (const element of document.querySelectorAll(".toured")) element.classList.remove("toured");
  if (figure === null) return;
  const target = find(`[data-testid=${figure}]`);
  target.classList.add("toured");
  find("#tour-box").classList.toggle("left", coveredOnTheRight(target));
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const block = window.innerWidth < 720 ? "start" : "nearest";
  target.scrollIntoView({ block, behavior: calm ? "auto" : "smooth" });
}

/** Whether a narrow figure stands just where the box would. @param {Element} figure */
function coveredOnTheRight(figure) {
  const { left, width } = figure.getBoundingClientRect();
  return width < window.innerWidth * 0.6 && left + width / 2 > window.innerWidth - BOX_PX;
}

/** @returns {number} where the tour was left, else its beginning */
function remembered() {
  try {
    return Math.min(Math.max(Math.trunc(Number(localStorage.getItem(KEPT))) || 0, 0), STOPS.length - 1);
  } catch {
    return 0; // Storage is switched off.
  }
}

/** @param {number | null} stop */
function remember(stop) {
  try {
    if (stop === null) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, String(stop));
  } catch {
    // It is remembered nowhere, then.
  }
}
