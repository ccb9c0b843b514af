// Fetches runs that are chosen but not listed: those that a link names, and all that belong to a group.

import { getRun, problemOf } from "../../wire/api.js";
import { getPage } from "../../wire/runs.js";
import { groupFilter } from "../state/link.js";

const MANY = 500;
const GONE = 404;

/** @param {Table.Store} store */
export function driveMembers(store) {
  /** @type {string | null} */
  let group = null;
  const asked = new Set();
  const look = () => {
    const state = store.get();
    if (state.group !== group) {
      group = state.group;
      if (group !== null) fetchGroup(store, group);
    }
    const unknown = [...state.chosen].filter((id) => !state.runs.has(id) && !asked.has(id));
    for (const id of unknown) asked.add(id);
    if (unknown.length) fetchRuns(store, unknown);
  };
  store.subscribe(look);
  look();
}

/** @param {Table.Store} store @param {string} group */
async function fetchGroup(store, group) {
  /** @type {RunView[]} */
  const runs = [];
  try {
    for (let total = Infinity; runs.length < total;) {
      const after = runs.length ? runs[runs.length - 1].id : null;
      const page = await getPage({ filter: groupFilter(group), limit: MANY, after });
      runs.push(...page.runs);
      total = page.runs.length ? page.total : 0;
    }
  } catch (error) {
    store.dispatch({ type: "notice", text: `The runs of this group could not be had: ${problemOf(error).detail}` });
  }
  if (store.get().group !== group) return;
  store.dispatch({ type: "known", runs });
  store.dispatch({ type: "choose", runs: runs.map(({ id }) => id), on: true });
  if (runs.length === 0)
    store.dispatch({ type: "notice", text: `There is no run of the group ${group} on this server.` });
}

/** @param {Table.Store} store @param {string[]} ids */
async function fetchRuns(store, ids) {
  const answers = await Promise.allSettled(ids.map(getRun));
  const runs = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  const lost = ids.filter((_, place) => answers[place].status === "rejected");
  const reasons = answers.flatMap((answer) => (answer.status === "rejected" ? [problemOf(answer.reason)] : []));
  store.dispatch({ type: "known", runs });
  if (lost.length === 0) return;
  store.dispatch({ type: "choose", runs: lost, on: false });
  const gone = reasons.every(({ status }) => status === GONE);
  const count = lost.length === 1 ? "One run of this link" : `${lost.length} runs of this link`;
  const why = gone
    ? `${lost.length === 1 ? "is" : "are"} not on this server`
    : `could not be had: ${reasons[0].detail}`;
  store.dispatch({ type: "notice", text: `${count} ${why}.` });
}
