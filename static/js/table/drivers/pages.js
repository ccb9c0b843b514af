// Asks for the list of runs page by page, as far as somebody scrolls, counts groups or chooses all.

import { problemOf } from "../../wire/api.js";
import { getPage } from "../../wire/runs.js";
import { nextPage } from "../state/list.js";

const FIRST = 100;
const MORE = 250;
const GONE = 404;

/** @param {Table.Store} store */
export function drivePages(store) {
  /** @type {string | null} what is being asked */
  let asked = null;
  const ask = async () => {
    const next = nextPage(store.get());
    const key = next && `${next.version} ${next.after}`;
    if (!next || key === asked) return;
    asked = key;
    const { filter, sort } = store.get().listing;
    const { version, after } = next;
    try {
      const page = await getPage({ after, limit: after === null ? FIRST : MORE, sort, filter });
      if (asked === key) asked = null;
      store.dispatch({ type: "list/page", version, ...page });
    } catch (error) {
      if (asked === key) asked = null;
      const problem = problemOf(error);
      // The run that the page before ended with is gone, or the filter lists it no more: begin anew.
      if (problem.status === GONE && after !== null) store.dispatch({ type: "list/again" });
      else store.dispatch({ type: "list/failed", version, problem });
    }
  };
  store.subscribe(ask);
  ask();
}
