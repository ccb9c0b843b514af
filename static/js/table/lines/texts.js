// What the table says beside its rows: how many there are, and what an empty one means. Pure.

import { grouped } from "../../draw/numbers.js";
import { isComplete } from "../state/list.js";

/** @param {number} count */
export const runsCounted = (count) => `${grouped(count)} ${count === 1 ? "run" : "runs"}`;

/** How many runs the list that is shown has; which one it is, where it is not the one that was asked for.
 * @param {Table.State} state */
export function countWords({ listing, all, removing, by, choosingAll }) {
  const { total, order, of: filter, shown, version, problem } = listing;
  if (total === null) return problem ? "" : "asking for the runs …";
  const hidden = order.filter((id) => removing.has(id)).length;
  const here = total - hidden;
  const of = filter && all !== null ? ` of ${grouped(Math.max(all - removing.size, here))}` : "";
  const loading = (by !== "none" || choosingAll) && !isComplete(listing) && shown === version;
  const sofar = loading ? `, ${grouped(order.length)} here so far` : "";
  const before = isBefore(listing) ? "list before: " : "";
  return `${before}${grouped(here)}${of} ${here === 1 && !of ? "run" : "runs"}${sofar}`;
}

/** Whether the rows are those of an earlier question, as the newest one was not answered.
 * @param {Table.Listing} listing */
const isBefore = ({ problem, shown, version, total }) => problem !== null && shown !== version && total !== null;

/**
 * Of which list the rows are that stand below a filter that was refused; empty where they are of the one asked for.
 * @param {Table.Listing} listing
 */
export function beforeWords(listing) {
  if (!isBefore(listing)) return "";
  const which = listing.of ? `of the filter before, “${listing.of}”` : "of before, without a filter";
  return `Below is still the list ${which}.`;
}

/**
 * Why the table is empty, and what can be done; null where it is not, or nobody knows yet.
 * @param {Table.State} state
 * @returns {{text: string, offer: "clear" | "explorer" | null} | null}
 */
export function emptyWords({ listing, removing }) {
  const { total, order, of: filter, problem, shown } = listing;
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
