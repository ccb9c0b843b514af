import assert from "node:assert/strict";
import { test } from "node:test";

import { INITIAL } from "../../../static/js/table/state/initial.js";
import { nextPage } from "../../../static/js/table/state/list.js";
import { reduce } from "../../../static/js/table/state/reducer.js";
import { LEARNED, run } from "../support/runs.js";

/** @param {...Table.Action} actions @returns {Table.State} */
const after = (...actions) => actions.reduce(reduce, INITIAL);
const page = (/** @type {string[]} */ ids, total = ids.length, version = 1) =>
  /** @type {Table.Action} */ ({ type: "list/page", version, runs: ids.map((id) => run(id)), total });
const row = (/** @type {string} */ id, /** @type {RunView | null} */ view) =>
  /** @type {Table.Action} */ ({ type: "frame", at: 0, message: { kind: "row", run: id, view } });
const newest = (/** @type {RunView[]} */ runs, total = runs.length) =>
  /** @type {Table.Action} */ ({ type: "frame", at: 0, message: { kind: "runs", runs, total } });

test("the first page is asked for at once, the next only when somebody scrolls as far", () => {
  assert.deepEqual(nextPage(INITIAL), { version: 1, after: null });
  const some = after(page(["r9", "r8"], 4));
  assert.equal(nextPage(some), null);
  assert.deepEqual(nextPage(reduce(some, { type: "list/seen", rows: 3 })), { version: 1, after: "r8" });
  const all = reduce(reduce(some, { type: "list/seen", rows: 3 }), page(["r7", "r6"], 4));
  assert.deepEqual(all.listing.order, ["r9", "r8", "r7", "r6"]);
  assert.equal(nextPage(all), null);
});

test("groups are counted over the whole list, so all of it is asked for", () => {
  const some = after(page(["r9", "r8"], 4), { type: "by", by: "method" });
  assert.deepEqual(nextPage(some), { version: 1, after: "r8" });
});

test("a page of an earlier filter is dropped, and what was shown stays until the answer", () => {
  const asked = after(page(["r9"]), { type: "list/wanted", filter: "method:sab" });
  assert.deepEqual(asked.listing.order, ["r9"]);
  assert.deepEqual(nextPage(asked), { version: 2, after: null });
  assert.equal(reduce(asked, page(["r1"], 1, 1)), asked);
  assert.deepEqual(reduce(asked, page(["r5"], 1, 2)).listing.order, ["r5"]);
});

test("what the server says of a filter stands until another is asked for, and nothing is asked meanwhile", () => {
  const problem = { title: "Invalid", status: 422, detail: "filter = foo:1: use …" };
  const failed = after(
    page(["r9"]),
    { type: "list/wanted", filter: "foo:1" },
    { type: "list/failed", version: 2, problem },
  );
  assert.equal(failed.listing.problem, problem);
  assert.deepEqual(failed.listing.order, ["r9"]);
  assert.equal(nextPage(failed), null);
  assert.equal(reduce(failed, { type: "list/wanted", filter: "" }).listing.problem, null);
});

test("a row changes one run and moves nothing", () => {
  const before = after(page(["r9", "r8"]), newest([run("r9"), run("r8")]));
  const view = run("r8", { seq: 2, verdict: LEARNED });
  const changed = reduce(before, row("r8", view));
  assert.equal(changed.runs.get("r8"), view);
  assert.equal(changed.runs.get("r9"), before.runs.get("r9"));
  assert.equal(changed.listing, before.listing);
});

test("a row that is older than what is known is dropped", () => {
  const before = after(page(["r9"]), row("r9", run("r9", { seq: 5, name: "new" })));
  assert.equal(reduce(before, row("r9", run("r9", { seq: 4, name: "old" }))).runs.get("r9")?.name, "new");
});

test("a new run stands first among the newest; in another order it is only told of", () => {
  const listed = after(page(["r8"]), newest([run("r8")]), row("r9", run("r9")));
  assert.deepEqual([listed.listing.order, listed.listing.total, listed.all], [["r9", "r8"], 2, 2]);
  const sorted = after(page(["r8"]), newest([run("r8")]), { type: "list/wanted", sort: "name" }, page(["r8"], 1, 2));
  const told = reduce(sorted, row("r9", run("r9")));
  assert.deepEqual([told.listing.order, told.listing.news], [["r8"], 1]);
});

test("news of a run on a page that is not here yet is no new run", () => {
  const before = after(page(["r8", "r7"], 30), newest([run("r8"), run("r7")], 30));
  const later = reduce(before, row("r3", run("r3", { update: 7 })));
  assert.equal(later, before);
});

test("a run that was deleted leaves the list, the choice, the editor and the counts", () => {
  const before = after(
    page(["r9", "r8"]),
    { type: "choose", runs: ["r9", "r8"], on: true },
    { type: "edit", run: "r9" },
  );
  const gone = reduce(before, row("r9", null));
  assert.deepEqual([...gone.chosen], ["r8"]);
  assert.deepEqual([gone.listing.order, gone.listing.total, gone.editing], [["r8"], 1, null]);
});

test("after a lost link the list is asked for anew, and not at the first greeting", () => {
  const first = after(page(["r9"]), newest([run("r9")]));
  assert.equal(nextPage(first), null);
  assert.deepEqual(nextPage(reduce(first, newest([run("r9")]))), { version: 2, after: null });
  const problem = { title: "No answer", status: 0, detail: "the server does not answer" };
  const failed = after({ type: "list/failed", version: 1, problem });
  assert.deepEqual(nextPage(reduce(failed, newest([]))), { version: 2, after: null }, "the first time did not succeed");
});

test("to choose all waits for all pages; a run that joins the chosen group is chosen too", () => {
  const wants = after(page(["r9"], 2), { type: "choose/all" });
  assert.equal(wants.chosen.size, 0);
  assert.deepEqual([...reduce(wants, page(["r8"], 2)).chosen], ["r9", "r8"]);
  const grouped = after(
    page(["r8"]),
    { type: "known", runs: [run("r7", { group: "g1" })] },
    { type: "choose/group", group: "g1" },
  );
  assert.deepEqual([...grouped.chosen], ["r7"]);
  assert.deepEqual([...reduce(grouped, row("r9", run("r9", { group: "g1" }))).chosen], ["r7", "r9"]);
  assert.equal(reduce(grouped, { type: "choose", runs: ["r8"], on: true }).group, null);
});

test("deleted rows vanish at once and come back when it is undone, or fails with the reason", () => {
  const change = { id: 1, words: "1 run deleted", runs: ["r9"], before: null };
  const gone = after(page(["r9", "r8"]), { type: "choose", runs: ["r9"], on: true }, { type: "change", change });
  assert.deepEqual([[...gone.removing], [...gone.chosen], gone.changes.length], [["r9"], [], 1]);
  const back = reduce(gone, { type: "change/undone", id: 1 });
  assert.deepEqual([back.removing.size, [...back.chosen], back.choices.size], [0, ["r9"], 0]);
  const failed = reduce(gone, { type: "delete/failed", runs: ["r9"], why: "the disk is full" });
  assert.deepEqual([failed.removing.size, failed.notice], [0, "the disk is full"]);
  const sent = reduce(reduce(gone, { type: "change/over", id: 1 }), { type: "deleted", runs: ["r9"] });
  assert.deepEqual([sent.changes, sent.listing.order, sent.removing.size], [[], ["r8"], 0]);
});

test("undo of a deletion chooses what was chosen before, in its order, and what was chosen since stays", () => {
  const change = { id: 1, words: "2 runs deleted", runs: ["r9", "r7"], before: null };
  const undo = /** @type {Table.Action} */ ({ type: "change/undone", id: 1 });
  const choose = (/** @type {string[]} */ runs, on = true) =>
    /** @type {Table.Action} */ ({ type: "choose", runs, on });
  const listed = page(["r9", "r8", "r7", "r6"]);
  const gone = after(listed, choose(["r9"]), choose(["r8"]), { type: "change", change });
  assert.deepEqual([...gone.chosen], ["r8"]);
  assert.deepEqual([...reduce(gone, undo).chosen], ["r9", "r8"], "r7 was deleted, but not chosen");
  const since = reduce(reduce(gone, choose(["r8"], false)), choose(["r6"]));
  assert.deepEqual([...reduce(since, undo).chosen], ["r9", "r6"]);
  const members = ["r9", "r7", "r5"].map((id) => run(id, { group: "g1" }));
  const whole = after(
    { type: "known", runs: members },
    { type: "choose/group", group: "g1" },
    { type: "change", change },
  );
  assert.deepEqual([whole.group, [...whole.chosen]], [null, ["r5"]]);
  assert.deepEqual([reduce(whole, undo).group, reduce(whole, undo).chosen.size], ["g1", 3]);
  assert.equal(reduce(reduce(whole, choose(["r5"], false)), undo).group, null, "not all of it is chosen any more");
});
