// While a run is in view, what stands above the pictures keeps the largest height that it had, so that words which wrap
// now and then do not push the page up and down. Another network or another width begins anew. Heights are watched,
// never asked.

import { find } from "./dom.js";

const PLACES = [
  "#headline",
  "#answer",
  ".status",
  "#paths-legend",
  "[data-testid=paths] .panel-head",
  "[data-testid=gradient-norms] .panel-head",
  "[data-testid=gradient-norms] .panel-foot",
];

/** @returns {import("../painter.js").Panel} */
export function createSteady() {
  let steady = "";
  /** @type {Map<HTMLElement, {width: number, height: number}>} */
  const seen = new Map(PLACES.map((place) => [find(place), { width: 0, height: 0 }]));
  const forget = (/** @type {HTMLElement} */ element) => {
    element.style.minHeight = "";
    seen.set(element, { width: 0, height: 0 });
  };
  const observer = new ResizeObserver((entries) => {
    for (const {
      target,
      borderBoxSize: [{ inlineSize: width, blockSize: height }],
    } of entries) {
      const element = /** @type {HTMLElement} */ (target);
      const before = seen.get(element);
      if (!steady || !before) continue;
      if (before.width !== 0 && before.width !== width && element.style.minHeight !== "") forget(element);
      else if (height > before.height) element.style.minHeight = `${height}px`;
      seen.set(element, { width, height: Math.max(height, before.width === width ? before.height : 0) });
    }
  });
  return {
    every: 100,
    paint({ target, run }) {
      const now = target?.kind === "run" && run ? target.id : "";
      if (now === steady) return;
      steady = now;
      document.body.dataset.run = now;
      for (const element of seen.keys()) {
        forget(element);
        observer.unobserve(element);
        if (now) observer.observe(element);
      }
    },
  };
}
