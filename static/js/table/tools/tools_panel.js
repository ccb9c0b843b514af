// What stands above the rows: filter, groups, order, how many runs there are, and what can be done with those chosen.

import { find, html, markPanel, whenChanged } from "../../draw/layers/dom.js";
import { COLUMNS, OTHER_ORDERS } from "../lines/cells.js";
import { say } from "../rows/row_layer.js";
import { beforeWords, countWords, emptyWords, newsWords, runsCounted } from "../lines/texts.js";

const TYPING_MS = 200;

/**
 * @typedef {ReturnType<typeof import("../drivers/changes.js").createChanges>} Changes
 * @typedef {ReturnType<typeof partsOf>} Parts
 */

/** @param {HTMLElement} root @param {Table.Store} store @param {Changes} changes */
export function createTools(root, store, changes) {
  const parts = partsOf(root);
  listenToTools(parts, store);
  listenToChoice(root, store, changes);
  const changed = whenChanged();
  return {
    every: 250,
    paint(/** @type {Table.State} */ state) {
      const { listing, all, by, chosen, choosingAll, removing, notice, said } = state;
      markPanel(root, { state: stateOf(state) });
      if (!changed(listing, all, by, chosen, choosingAll, removing, notice, said)) return;
      paintTools(parts, state);
      paintChoice(parts, state);
    },
  };
}

/** @param {HTMLElement} root */
function partsOf(root) {
  const choice = find(".choice", root);
  return {
    form: /** @type {HTMLFormElement} */ (find("#list-tools", root)),
    filter: /** @type {HTMLInputElement} */ (find("[name=filter]", root)),
    by: /** @type {HTMLSelectElement} */ (find("[name=by]", root)),
    sort: /** @type {HTMLSelectElement} */ (find("[name=sort]", root)),
    way: find("#sort-way", root),
    count: find("#list-count", root),
    problem: find("#filter-problem", root),
    news: find("#list-news", root),
    notice: find("#list-notice", root),
    said: find("#list-said", root),
    empty: find(".empty", root),
    help: { button: find("#filter-help", root), keys: find("#filter-keys", root) },
    choice,
    buttons: [.../** @type {NodeListOf<HTMLElement>} */ (choice.querySelectorAll("[data-do]"))],
  };
}

/** @param {Parts} parts @param {Table.Store} store */
function listenToTools({ form, filter, by, sort, way, news, notice, empty, help }, store) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;
  const ask = () => {
    clearTimeout(typing);
    if (filter.value.trim() !== store.get().listing.filter)
      store.dispatch({ type: "list/wanted", filter: filter.value.trim() });
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  // Whoever goes on to something else while the words are waiting meant them.
  filter.addEventListener("change", ask);
  filter.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(ask, TYPING_MS);
  });
  by.addEventListener("change", () => store.dispatch({ type: "by", by: /** @type {Table.GroupBy} */ (by.value) }));
  sort.append(
    ...COLUMNS.flatMap(({ title, sort: key }) => (key ? [html("option", { value: key }, title)] : [])),
    ...Object.entries(OTHER_ORDERS).map(([key, title]) => html("option", { value: key }, title)),
  );
  const turned = () => store.get().listing.sort.startsWith("-");
  sort.addEventListener("change", () =>
    store.dispatch({ type: "list/wanted", sort: `${turned() ? "-" : ""}${sort.value}` }),
  );
  way.addEventListener("click", () =>
    store.dispatch({ type: "list/wanted", sort: `${turned() ? "" : "-"}${sort.value}` }),
  );
  find("button", news).addEventListener("click", () => store.dispatch({ type: "list/again" }));
  find("button", notice).addEventListener("click", () => store.dispatch({ type: "notice", text: null }));
  find("button", empty).addEventListener("click", () => store.dispatch({ type: "list/wanted", filter: "" }));
  help.button.addEventListener("click", () => {
    help.keys.hidden = !help.keys.hidden;
    help.button.setAttribute("aria-expanded", String(!help.keys.hidden));
  });
}

/** @param {HTMLElement} root @param {Table.Store} store @param {Changes} changes */
function listenToChoice(root, store, changes) {
  find(".choice", root).addEventListener("click", (event) => {
    const place =
      event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest("[data-do]")) : null;
    const wish = place?.dataset.do;
    const { chosen, runs, removing } = store.get();
    const ids = [...chosen].filter((id) => !removing.has(id));
    if (wish === "none") store.dispatch({ type: "choose/none" });
    if (wish === "delete") changes.remove(ids);
    if (wish === "star") {
      const on = ids.some((id) => !runs.get(id)?.starred);
      const wanted = ids.filter((id) => runs.get(id)?.starred !== on);
      const words = `${runsCounted(wanted.length)} ${on ? "starred" : "no longer starred"}`;
      changes.write(new Map(wanted.map((id) => [id, { starred: on }])), words);
    }
    if (wish === "compare") {
      event.preventDefault();
      const panel = find("#compare");
      panel.scrollIntoView({ block: "start" });
      panel.focus({ preventScroll: true });
    }
  });
}

/** @param {Table.State} state @returns {PanelState} */
function stateOf({ listing, link }) {
  if (listing.problem) return "error";
  if (listing.total === null) return "loading";
  if (listing.total === 0) return "empty";
  return link.status === "lost" ? "stale" : "live";
}

/** @param {Parts} parts @param {Table.State} state */
function paintTools(parts, state) {
  const { listing, by, notice, said } = state;
  const { filter, problem, news, empty } = parts;
  if (document.activeElement !== filter && filter.value !== listing.filter) filter.value = listing.filter;
  parts.by.value = by;
  parts.sort.value = listing.sort.replace(/^-/, "");
  say(parts.way, listing.sort.startsWith("-") ? "↓" : "↑");
  say(parts.count, countWords(state));
  problem.hidden = !listing.problem;
  say(problem, [listing.problem?.detail, beforeWords(listing)].filter(Boolean).join(". "));
  filter.setAttribute("aria-invalid", String(Boolean(listing.problem)));
  news.hidden = listing.news === 0;
  say(find("span", news), newsWords(listing.news));
  parts.notice.hidden = notice === null;
  say(find("span", parts.notice), notice ?? "");
  parts.said.hidden = said === null;
  say(parts.said, said ?? "");
  const words = emptyWords(state);
  empty.hidden = words === null;
  say(find("span", empty), words?.text ?? "");
  find("button", empty).hidden = words?.offer !== "clear";
  find("a", empty).hidden = words?.offer !== "explorer";
}

/** @param {Parts} parts @param {Table.State} state */
function paintChoice({ choice, buttons }, { chosen, removing, choosingAll, runs, group }) {
  const ids = [...chosen].filter((id) => !removing.has(id));
  const name = group === null ? null : ids.map((id) => runs.get(id)).find((run) => run?.group === group)?.group_name;
  const whole = group === null ? "" : ` · all of the group “${name || group}”`;
  const words = choosingAll
    ? "choosing all of the list …"
    : ids.length
      ? `${runsCounted(ids.length)} chosen${whole}`
      : "";
  say(find("#choice-words", choice), words || "No run is chosen.");
  for (const button of buttons) button.hidden = ids.length === 0 || (button.dataset.do === "compare" && ids.length < 2);
}
