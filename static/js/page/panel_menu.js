// In the head of every panel: “?” says in two sentences what one sees, “⋯” offers the table behind it, the whole
// window, a file. One pop-up serves all panels; the browser closes it on Esc and on a click elsewhere.

import { find, html } from "../draw/layers/dom.js";
import { isMaximised, maximise, restore } from "../draw/layers/maximise.js";
import { PANELS } from "./panels.js";

const GAP_PX = 4;

/**
 * @param {{toggleTwin: (testid: string) => boolean, exportPanel: (panel: PagePanel | ListPanel) => void}} acts
 *   toggleTwin answers whether the table is open now
 */
export function createPanelMenus({ toggleTwin, exportPanel }) {
  const box = html("div", { id: "panel-menu", popover: "auto", class: "pop" });
  document.body.append(box);
  /** @type {HTMLElement | null} */
  let opener = null;

  for (const { testid, panel, list, name, about } of PANELS) {
    const file = panel ?? list ?? null;
    const part = find(`[data-testid=${testid}]`);
    const button = (
      /** @type {string} */ sign,
      /** @type {string} */ label,
      /** @type {() => (Node | string)[]} */ content,
    ) => {
      const element = html(
        "button",
        { type: "button", class: "icon", "aria-label": label, "aria-expanded": "false", "aria-controls": "panel-menu" },
        sign,
      );
      element.addEventListener("click", () => (opener === element ? box.hidePopover() : open(element, content())));
      return element;
    };
    const item = (/** @type {string} */ label, /** @type {() => void} */ act) =>
      html(
        "button",
        {
          type: "button",
          class: "item",
          onclick: () => {
            box.hidePopover();
            act();
          },
        },
        label,
      );
    const items = () =>
      [
        panel !== null &&
          item(find(".twin", part).hidden ? "Show words and numbers" : "Hide words and numbers", () =>
            toggleTwin(testid),
          ),
        part.dataset.maximised === undefined
          ? item("Maximise", () => maximise(part))
          : item("Back to the page", restore),
        file !== null && item("Export…", () => exportPanel(file)),
      ].filter((one) => one !== false);
    const tools = html(
      "span",
      { class: "tools" },
      button("?", `What do I see: ${name}`, () => [html("p", {}, about)]),
      button("⋯", `More: ${name}`, items),
    );
    (part.querySelector(".panel-head") ?? part).append(tools);
  }

  /** @param {HTMLElement} element @param {(Node | string)[]} content */
  function open(element, content) {
    box.replaceChildren(...content);
    opener = element;
    element.setAttribute("aria-expanded", "true");
    box.showPopover();
    const at = element.getBoundingClientRect();
    const { width, height } = box.getBoundingClientRect();
    const below = at.bottom + GAP_PX + height <= window.innerHeight;
    box.style.left = `${Math.max(Math.min(at.right - width, window.innerWidth - width - 8), 8)}px`;
    box.style.top = `${below ? at.bottom + GAP_PX : Math.max(at.top - height - GAP_PX, 8)}px`;
    /** @type {HTMLElement | null} */ (box.querySelector("button"))?.focus();
  }

  box.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== "closed") return;
    opener?.setAttribute("aria-expanded", "false");
    if (document.activeElement === document.body) opener?.focus();
    opener = null;
  });
  // Before everybody else who listens for Esc: it closes what is on top, and nothing below.
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
      const open = box.matches(":popover-open");
      if (!open && !isMaximised()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!open) return restore();
      const back = opener;
      box.hidePopover();
      back?.focus();
    },
    { capture: true },
  );
}
