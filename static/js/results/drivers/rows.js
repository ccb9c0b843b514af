// Asks for the rows of the group: at first, and when the news that came do not tell enough.

import { problemOf, request } from "../../wire/api.js";

/** Between two questions, ms: a sweep that begins many trials at once is asked about once. */
const PAUSE_MS = 400;

/** @param {Results.Store} store */
export function driveRows(store) {
  let asking = false;
  const ask = async () => {
    const { group, wanted, got } = store.get();
    if (asking || wanted === got) return;
    asking = true;
    try {
      const results = /** @type {Wire.GroupResults} */ (await request("GET", address(group)));
      store.dispatch({ type: "rows", version: wanted, results });
    } catch (error) {
      store.dispatch({ type: "rows/failed", version: wanted, problem: problemOf(error) });
    }
    setTimeout(() => {
      asking = false;
      void ask();
    }, PAUSE_MS);
  };
  store.subscribe(ask);
  void ask();
}

/** @param {string} group */
export const address = (group) => `/api/groups/${encodeURIComponent(group)}`;
