// The server is away: the link is lost, and nobody answers over HTTP either. What only the server can do looks so until
// it is back; what was typed stays where it is.

import { serverAnswers } from "../../wire/api.js";
import { sayFor } from "../../drivers/notices.js";
import { isAway } from "../../state/selectors/history.js";
import { NEEDS_SERVER } from "../recording/panel.js";

const SAY_MS = 5_000;
const WHY = "the server does not answer; the page goes on asking";
const PUSHED = "button, a";

/** @param {Store} store */
export function createAway(store) {
  document.addEventListener("click", (event) => refuse(store, event), { capture: true });
  return {
    /** What the link says of itself. @param {State["link"]["status"]} status @param {number} [retryAt] */
    async onLink(status, retryAt) {
      store.dispatch({ type: "link", status, retryAt });
      // A link that is lost may have a server that answers all the same, as behind a proxy without WebSockets.
      if (status !== "lost") return;
      const away = !(await serverAnswers());
      store.dispatch({ type: "link", ...store.get().link, away });
    },
    /** @type {import("../../draw/painter.js").Panel} greys anew what other panels have renamed */
    panel: { every: 0, together: true, paint: (state) => (isAway(state) ? grey() : wake()) },
  };
}

/** @param {Store} store @param {Event} event */
function refuse(store, event) {
  if (!(event.target instanceof Element) || !event.target.closest("[data-away]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  sayFor(store, WHY, SAY_MS);
}

function grey() {
  for (const one of document.querySelectorAll(NEEDS_SERVER)) {
    if (!one.matches(PUSHED)) continue;
    one.setAttribute("aria-disabled", "true");
    if (one.getAttribute("title") === WHY) continue;
    one.setAttribute("data-away", one.getAttribute("title") ?? "");
    one.setAttribute("title", WHY);
  }
}

function wake() {
  for (const one of document.querySelectorAll("[data-away]")) {
    const title = one.getAttribute("data-away");
    one.removeAttribute("data-away");
    one.removeAttribute("aria-disabled");
    if (title) one.setAttribute("title", title);
    else one.removeAttribute("title");
  }
}
