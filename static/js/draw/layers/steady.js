// What stands around the pictures and among the knobs keeps the largest height that it had, so that words which wrap
// now and then, or which another network needs more of, do not push the page up and down. Another width begins anew.
// Heights are watched, never asked, and held by css/layout.css.

import { find } from "./dom.js";

const PLACES = [
  "#headline",
  "#answer",
  ".status",
  "#paths-legend",
  "#cut-note",
  "[data-testid=paths] .panel-head",
  "[data-testid=gradient-norms] .panel-head",
  "[data-testid=gradient-norms] .panel-foot",
  "[data-testid=health]",
];

/** @returns {import("../painter.js").Panel} */
export function createSteady() {
  /** @type {Map<Element, {width: number, height: number}>} */
  const seen = new Map();
  const observer = new ResizeObserver((entries) => {
    for (const {
      target,
      borderBoxSize: [{ inlineSize: width, blockSize: height }],
    } of entries) {
      const element = /** @type {HTMLElement} */ (target);
      const before = seen.get(element) ?? { width, height: 0 };
      if (before.width !== width) element.style.removeProperty("--held");
      else if (height > before.height) element.style.setProperty("--held", `${height}px`);
      seen.set(element, { width, height: before.width === width ? Math.max(height, before.height) : 0 });
    }
  });
  for (const place of PLACES) observer.observe(find(place));
  return {
    every: 100,
    paint({ target, run }) {
      const now = target?.kind === "run" && run ? target.id : "";
      if (document.body.dataset.run !== now) document.body.dataset.run = now;
    },
  };
}
