// Requests of the list of runs: a page of it, what a person writes on a run, and curves thinned for an overlay.

import { JSON_TYPE, request, send } from "./api.js";
import { at } from "./link/root.js";

const TOTAL = "X-Total-Count";

/**
 * @typedef {{after?: string | null, limit?: number, sort?: string, filter?: string}} Wanted which page, as
 *   `GET /api/runs` takes it
 */

/**
 * A page of the list, and how many runs there are on all pages.
 * @param {Wanted} wanted
 * @returns {Promise<{runs: RunView[], total: number}>}
 * @throws {import("./api.js").ApiError} 404 when `after` is not in the list any more, 422 for a filter that is none
 */
export async function getPage(wanted) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(wanted)) if (value) query.set(name, String(value));
  const answer = await send("GET", `/api/runs?${query}`, JSON_TYPE);
  const runs = /** @type {RunView[]} */ (await answer.json());
  return { runs, total: Number(answer.headers.get(TOTAL) ?? runs.length) };
}

/** @type {(run: string, patch: Partial<Wire.RunPatch>) => Promise<RunView>} */
export const patchRun = (run, patch) => request("PATCH", place(run), patch);

/** Curves with at most so many rows: means over bins of updates. @type {(run: string, points: number) =>
 *   Promise<Wire.RunCurves>} */
export const getThinCurves = (run, points) => request("GET", `${place(run)}/metrics?points=${points}`);

/** Deletes a run while the page is being left: nobody waits for an answer. @param {string} run */
export const deleteLeaving = (run) => void fetch(at(place(run)), { method: "DELETE", keepalive: true }).catch(() => {});

const place = (/** @type {string} */ run) => `/api/runs/${encodeURIComponent(run)}`;
