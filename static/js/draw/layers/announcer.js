// Says what moved to those who do not see it: politely, and at most one message a second, the newest one.

import { html } from "./dom.js";

const GAP_MS = 1000;
/** A burst of keys is one move: it is told once it rests this long. */
const REST_MS = 250;

/** @returns {(text: string) => void} */
export function createAnnouncer() {
  const place = html("p", { id: "said", class: "unseen", "aria-live": "polite" });
  document.body.append(place);
  let last = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return (text) => {
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        last = performance.now();
        place.textContent = text;
      },
      Math.max(REST_MS, last + GAP_MS - performance.now()),
    );
  };
}
