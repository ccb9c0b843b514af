// The tour: five stops (stops.js). A link in the text sets the state and brings its figure into view. Leaving
// brings the view from before back; the stop is remembered, and Tour resumes there. Nothing plays by itself.

import { find, html } from "../../draw/layers/dom.js";
import { toHash } from "../../state/url_state.js";
import { STOPS } from "./stops.js";

const KEPT = "tour-stop";
const BOX_PX = 420;

/**
 * @param {Store} store
 * @param {ReturnType<typeof import("../../drivers/commands.js").createCommands>} commands
 * @param {(hash: string) => void} show a view
 * @returns {import("../../draw/painter.js").Panel}
 */
export function createTour(store, commands, show) {
  const box = find("#tour-box");
  const opener = find("#tour");
  let before = "";

  const go = (/** @type {number | null} */ stop) => {
    if (stop !== null && store.get().tour === null) before = toHash(store.get());
    store.dispatch({ type: "view/tour", stop });
    remember(stop === null ? null : stop);
    show(stop === null ? before : STOPS[stop].view);
  };
  /** Ends it here; `stay` keeps what is shown. @param {boolean} stay */
  const leave = (stay) => {
    const at = store.get().tour;
    if (stay) store.dispatch({ type: "view/tour", stop: null });
    else go(null);
    remember(at !== null && at < STOPS.length - 1 ? at : null);
    opener.focus();
  };
  opener.addEventListener("click", () => go(remembered()));
  document.addEventListener(
    "keydown",
    (event) => {
      if (
        event.key !== "Escape" ||
        store.get().tour === null ||
        event.defaultPrevented ||
        document.querySelector("dialog[open]")
      )
        return;
      event.stopImmediatePropagation();
      leave(false);
    },
    { capture: true },
  );

  /** @param {import("./stops.js").TourLink} link @param {string} figure of the stop */
  function follow(link, figure) {
    if (link.act === "train") commands.train({ preset: "copy-10" });
    if (link.act === "form") /** @type {HTMLDetailsElement} */ (find("#run-form").closest("details")).open = true;
    if (link.view) show(link.view);
    point(link.figure ?? figure);
    if (link.act === "form") {
      leave(true);
      find("#run-form select").focus();
    }
  }

  /** @param {string | import("./stops.js").TourLink} part @param {string} figure */
  function word(part, figure) {
    if (typeof part === "string") return part;
    if (!part.view)
      return html("button", { type: "button", class: "inline", onclick: () => follow(part, figure) }, part.say);
    return html(
      "a",
      {
        href: `#${part.view}`,
        onclick: (/** @type {Event} */ event) => {
          event.preventDefault();
          follow(part, figure);
        },
      },
      part.say,
    );
  }

  /** @type {number | null} */
  let shown = null;
  return {
    every: 0,
    paint({ tour }) {
      if (tour === shown) return;
      shown = tour;
      box.hidden = tour === null;
      if (tour === null) return point(null);
      const { title, text, figure } = STOPS[tour];
      const last = tour === STOPS.length - 1;
      const button = (/** @type {string} */ label, /** @type {() => void} */ act, primary = false) =>
        html("button", { type: "button", class: primary ? "primary" : null, onclick: act }, label);
      box.replaceChildren(
        html("h2", { tabindex: -1, id: "tour-title" }, `${tour + 1} of ${STOPS.length} · ${title}`),
        html("p", {}, ...text.map((part) => word(part, figure))),
        html(
          "div",
          { class: "row" },
          tour > 0 && button("Back", () => go(tour - 1)),
          !last && button("Next", () => go(tour + 1), true),
          last && button("Done", () => leave(true), true),
          button("Leave", () => leave(false)),
          tour > 0 && button("From the start", () => go(0)),
        ),
      );
      point(figure);
      find("h2", box).focus({ preventScroll: true });
    },
  };
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
