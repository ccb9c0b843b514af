// Asks for the picture from before the knock-out when the page does not have it, as after opening a link. One request
// at a time.

import { postProbe } from "../wire/api.js";
import { attemptOf, questionKey } from "../state/selectors.js";
import { beforeToAsk } from "../state/selectors/knockouts.js";

const GAP_MS = 400;

/** @param {Store} store */
export function driveBefore(store) {
  let busy = false;

  async function ask() {
    const request = beforeToAsk(store.get());
    if (busy || !request) return;
    busy = true;
    const key = questionKey(request);
    const attempt = attemptOf(store.get());
    try {
      const trace = await postProbe(request);
      if (attemptOf(store.get()) === attempt) store.dispatch({ type: "arc/before", key, trace });
    } catch {
      store.dispatch({ type: "arc/before-failed", key });
    }
    await new Promise((resolve) => setTimeout(resolve, GAP_MS));
    busy = false;
    ask();
  }
  store.subscribe(ask);
  ask();
}
