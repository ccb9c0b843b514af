// What the table says beside its rows: how many there are, and what an empty one means. Pure.

import { grouped } from "../../draw/numbers.js";
import { isComplete } from "../state/list.js";

/** @param {number} count */
export const runsCounted = (count) => `${grouped(count)} ${count === 1 ? "run" : "runs"}`;

/** How many runs the list has. @param {Table.State} state */
export function countWords({ listing, all, removing, by, choosingAll }) {
  const { total, order, filter, shown, version } = listing;
  if (total === null) return "asking for the runs …";
  const hidden = order.filter((id) => removing.has(id)).length;
  const here = total - hidden;
  const of = filter && all !== null ? ` of ${grouped(Math.max(all - removing.size, here))}` : "";
  const loading = (by !== "none" || choosingAll) && !isComplete(listing) && shown === version;
  const sofar = loading ? `, ${grouped(order.length)} here so far` : "";
  return `${grouped(here)}${of} ${here === 1 && !of ? "run" : "runs"}${sofar}`;
}

/**
 * Why the table is empty, and what can be done; null where it is not, or nobody knows yet.
 * @param {Table.State} state
 * @returns {{text: string, offer: "clear" | "explorer" | null} | null}
 */
export function emptyWords({ listing, removing }) {
  const { total, order, filter, problem, shown } = listing;
  if (problem && shown === 0) return null;
  if (total === null) return { text: "Asking for the runs …", offer: null };
  if (total > order.length || order.some((id) => !removing.has(id))) return null;
  if (order.length) return { text: "All of these runs are being deleted.", offer: null };
  return filter
    ? { text: `No run matches “${filter}”.`, offer: "clear" }
    : { text: "No run yet. Start one in the explorer: Train trains the preset in view.", offer: "explorer" };
}

/** @param {number} news runs whose place in this order is not known */
export const newsWords = (news) =>
  news === 1 ? "1 run was started since" : `${grouped(news)} runs were started since`;
