// One tooltip for our own drawings. It can be hovered and is dismissed by Esc (WCAG 1.4.13).

import { html } from "./dom.js";

/** @returns {{show: (lines: string[], x: number, y: number) => void, hide: () => void}} places in px of the window */
export function createTooltip() {
  const box = html("div", { class: "tooltip", role: "tooltip", hidden: true });
  document.body.append(box);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") box.hidden = true;
  });
  return {
    show(lines, x, y) {
      box.replaceChildren(...lines.map((line, index) => html(index ? "div" : "strong", {}, line)));
      box.hidden = false;
      const { width, height } = box.getBoundingClientRect();
      box.style.left = `${Math.max(Math.min(x + 14, window.innerWidth - width - 8), 8)}px`;
      box.style.top = `${Math.max(y - height - 10, 8)}px`;
    },
    hide() {
      box.hidden = true;
    },
  };
}
