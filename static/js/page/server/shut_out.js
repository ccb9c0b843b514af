// This browser is not let in any more: new tokens were drawn, or its cookie is too old. The page says so, and where to
// read how one comes in again; what is drawn stays.

import { find } from "../../draw/layers/dom.js";
import { asksIfLetIn, whenShutOut } from "../../wire/api.js";

/** @returns {(status: State["link"]["status"]) => void} what to do when the link says how it is */
export function createShutOut() {
  const place = find("#shut-out");
  whenShutOut((out) => {
    place.hidden = !out;
  });
  // A socket that does not open says nothing of why, and one that opened says that the browser came in again.
  return (status) => void ((status === "lost" || (status === "open" && !place.hidden)) && asksIfLetIn());
}
