// What stands in the table, line by line: runs in the order of the server, below the heads of their groups. Pure.

import { CALLED } from "../../wire/contract.js";
import { at } from "../../wire/link/root.js";

/**
 * @typedef {{kind: "run", id: string}} RunLine
 * @typedef {{kind: "head", key: string, label: string, runs: string[], learned: number, unjudged: number,
 *   folded: boolean, group: string | null}} HeadLine how many of its runs learned, and how many have no verdict yet
 * @typedef {RunLine | HeadLine} Line
 */

/**
 * @param {Pick<Table.State, "runs" | "listing" | "by" | "folded" | "removing">} state
 * @returns {Line[]} groups in the order in which their first runs stand
 */
export function linesOf({ runs, listing, by, folded, removing }) {
  const ids = removing.size ? listing.order.filter((id) => !removing.has(id)) : listing.order;
  if (by === "none") return ids.map((id) => ({ kind: "run", id }));
  const groups = /** @type {Map<string, HeadLine>} */ (new Map());
  for (const id of ids) {
    const run = runs.get(id);
    if (!run) continue;
    const { key, label } = groupOf(run, by);
    const head = groups.get(key) ?? {
      kind: "head",
      key,
      label,
      runs: [],
      learned: 0,
      unjudged: 0,
      folded: folded.includes(key),
      group: by === "group" && key ? key : null,
    };
    head.runs.push(id);
    if (hasLearned(run)) head.learned += 1;
    if (!run.verdict) head.unjudged += 1;
    groups.set(key, head);
  }
  return [...groups.values()].flatMap((head) => [
    head,
    ...(head.folded ? [] : head.runs.map((id) => /** @type {RunLine} */ ({ kind: "run", id }))),
  ]);
}

const WAS = "was learning";

/** Whether a run is one of those that learned. @param {RunView} run */
export const hasLearned = ({ verdict }) => verdict?.word === "learned";

/** @param {RunView} run @param {Exclude<Table.GroupBy, "none">} by @returns {{key: string, label: string}} */
function groupOf(run, by) {
  if (by === "group") return run.group ? { key: run.group, label: run.group_name || run.group } : alone("in no group");
  if (by === "task") return named(run.spec.task.name);
  if (by === "method") return { key: run.spec.model.method, label: CALLED[run.spec.model.method] };
  if (!run.verdict) return alone("not judged yet");
  const { word, label } = run.verdict;
  // A run that ended while it got better does so no more: its label has a word of its own.
  return named(word === "learning" && label === WAS ? WAS : word);
}

/** A key that no group has. @param {string} label */
const alone = (label) => ({ key: "", label });

/** @param {string} label */
const named = (label) => ({ key: label, label });

/** The page of results of a group. @param {string} group */
export const resultsLink = (group) => at(`/runs/group/${encodeURIComponent(group)}`);

/** The one group whose runs are listed or chosen; null where there may be others. @param {Pick<Table.State, "listing" |
 * "group">} state */
export const listedGroup = ({ listing, group }) => group ?? /(?:^|\s)group:([0-9a-z_-]+)/.exec(listing.of)?.[1] ?? null;

/** @param {HeadLine} head @param {boolean} complete whether all runs of the list are here */
export function headWords({ runs, learned, unjudged }, complete) {
  const count = `${runs.length} ${runs.length === 1 ? "run" : "runs"}`;
  const judged = unjudged === runs.length ? "no verdict yet" : `${learned} learned`;
  const open = unjudged && unjudged < runs.length ? `, ${unjudged} not judged yet` : "";
  return `${count} · ${judged}${open}${complete ? "" : " · so far"}`;
}
