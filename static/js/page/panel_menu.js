// In the head of every panel: “?” says in two sentences what one sees, “⋯” offers the table behind it, the whole
// window, a file. One pop-up serves all panels; the browser closes it on Esc and on a click elsewhere.

import { find, html } from "../draw/layers/dom.js";
import { isMaximised, maximise, restore } from "../draw/layers/maximise.js";
import { pageParts } from "./panels.js";

const GAP_PX = 4;

/**
 * @typedef {{toggleTwin: (testid: string) => boolean, exportPanel: (panel: PagePanel | ListPanel) => void}} Acts
 *   toggleTwin answers whether the table is open now
 * @typedef {{box: HTMLElement, opener: HTMLElement | null}} PopUp `opener` is the button that it belongs to now
 */

/** @param {Acts} acts */
export function createPanelMenus(acts) {
  const box = html("div", { id: "panel-menu", popover: "auto", class: "pop" });
  document.body.append(box);
  /** @type {PopUp} */
  const popUp = { box, opener: null };
  for (const part of pageParts()) {
    const tools = html(
      "span",
      { class: "tools" },
      button(popUp, "?", `What do I see: ${part.name}`, () => [html("p", {}, part.about)]),
      button(popUp, "⋯", `More: ${part.name}`, () => items(box, part, acts)),
    );
    (part.root.querySelector(".panel-head") ?? part.root).append(tools);
  }
  box.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== "closed") return;
    popUp.opener?.setAttribute("aria-expanded", "false");
    if (document.activeElement === document.body) popUp.opener?.focus();
    popUp.opener = null;
  });
  // Before everybody else who listens for Esc: it closes what is on top, and nothing below.
  document.addEventListener("keydown", (event) => closeTop(popUp, event), { capture: true });
}

/**
 * @param {PopUp} popUp
 * @param {string} sign
 * @param {string} label
 * @param {() => (Node | string)[]} content
 */
function button(popUp, sign, label, content) {
  const element = html(
    "button",
    { type: "button", class: "icon", "aria-label": label, "aria-expanded": "false", "aria-controls": "panel-menu" },
    sign,
  );
  element.addEventListener("click", () =>
    popUp.opener === element ? popUp.box.hidePopover() : open(popUp, element, content()),
  );
  return element;
}

/**
 * What “⋯” offers.
 * @param {HTMLElement} box
 * @param {import("./panels.js").PagePart} part
 * @param {Acts} acts
 */
function items(box, { root, testid, panel, list }, { toggleTwin, exportPanel }) {
  const file = panel ?? list ?? null;
  const item = (/** @type {string} */ label, /** @type {() => void} */ act) => {
    const onclick = () => {
      box.hidePopover();
      act();
    };
    return html("button", { type: "button", class: "item", onclick }, label);
  };
  return [
    panel !== null &&
      item(find(".twin", root).hidden ? "Show words and numbers" : "Hide words and numbers", () => toggleTwin(testid)),
    root.dataset.maximised === undefined ? item("Maximise", () => maximise(root)) : item("Back to the page", restore),
    file !== null && item("Export…", () => exportPanel(file)),
  ].filter((one) => one !== false);
}

/** @param {PopUp} popUp @param {HTMLElement} opener @param {(Node | string)[]} content */
function open(popUp, opener, content) {
  const { box } = popUp;
  box.replaceChildren(...content);
  popUp.opener = opener;
  opener.setAttribute("aria-expanded", "true");
  box.showPopover();
  const at = opener.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const below = at.bottom + GAP_PX + height <= window.innerHeight;
  box.style.left = `${Math.max(Math.min(at.right - width, window.innerWidth - width - 8), 8)}px`;
  box.style.top = `${below ? at.bottom + GAP_PX : Math.max(at.top - height - GAP_PX, 8)}px`;
  /** @type {HTMLElement | null} */ (box.querySelector("button"))?.focus();
}

/** Esc closes the pop-up, else it brings a maximised panel back. @param {PopUp} popUp @param {KeyboardEvent} event */
function closeTop({ box, opener }, event) {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  const isOpen = box.matches(":popover-open");
  if (!isOpen && !isMaximised()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!isOpen) return restore();
  box.hidePopover();
  opener?.focus();
}
