import assert from "node:assert/strict";
import { test } from "node:test";

import { cellsOf, metricOf } from "../../../static/js/table/lines/cells.js";
import { headWords, linesOf } from "../../../static/js/table/lines/grouping.js";
import { beforeWords, countWords, emptyWords } from "../../../static/js/table/lines/texts.js";
import { scrollTo, spanOf } from "../../../static/js/table/lines/window.js";
import { INITIAL } from "../../../static/js/table/state/initial.js";
import { nextOrder } from "../../../static/js/table/tools/head_panel.js";
import { tagsOf } from "../../../static/js/table/rows/editor_layer.js";
import { LEARNED, run } from "../support/runs.js";

/** @param {RunView[]} runs @param {Partial<Table.State>} [other] @returns {Table.State} */
const table = (runs, other = {}) => ({
  ...INITIAL,
  runs: new Map(runs.map((one) => [one.id, one])),
  listing: { ...INITIAL.listing, order: runs.map(({ id }) => id), total: runs.length, shown: 1 },
  ...other,
});

test("only rows in view and a few beyond are in the page, whatever is above and below", () => {
  const sizes = { count: 4000, row: 34, open: null, editor: 176 };
  const span = spanOf(sizes, { top: 34_000, height: 500 });
  assert.deepEqual([span.from, span.to], [994, 1021]);
  assert.equal(span.before + (span.to - span.from) * 34 + span.after, 4000 * 34);
  assert.deepEqual(spanOf({ ...sizes, count: 0 }, { top: 0, height: 500 }), { from: 0, to: 0, before: 0, after: 0 });
  assert.equal(spanOf(sizes, { top: 1e9, height: 500 }).to, 4000);
});

test("an editor below a row moves the rows after it by its own height and no others", () => {
  const sizes = { count: 100, row: 30, open: 10, editor: 200 };
  const below = spanOf(sizes, { top: 50 * 30 + 200, height: 300 });
  assert.deepEqual([below.from, below.before], [44, 44 * 30 + 200]);
  assert.equal(below.before + (below.to - below.from) * 30 + below.after, 100 * 30 + 200);
  const inside = spanOf(sizes, { top: 11 * 30 + 50, height: 60 });
  assert.ok(inside.from <= 10 && inside.to > 10, "the row whose editor is in view stays");
});

test("a row is scrolled to only where it is not seen whole, and not under the head", () => {
  const sizes = { count: 100, row: 30, open: null, editor: 0 };
  assert.equal(scrollTo(3, sizes, { top: 60, height: 300 }, 32), null);
  assert.equal(scrollTo(1, sizes, { top: 60, height: 300 }, 32), 30);
  assert.equal(scrollTo(20, sizes, { top: 60, height: 300 }, 32), 21 * 30 - 300 + 32);
});

test("groups stand in the order of their first runs and say how many learned; a folded one keeps its head", () => {
  const runs = [
    run("r4", { model: { method: "tbptt" } }),
    run("r3", { verdict: LEARNED }),
    run("r2", { model: { method: "tbptt" }, verdict: LEARNED }),
    run("r1"),
  ];
  const lines = linesOf(table(runs, { by: "method", folded: ["sab"] }));
  assert.deepEqual(
    lines.map((line) => (line.kind === "run" ? line.id : `${line.label} ${line.learned} of ${line.runs.length}`)),
    ["TBPTT 1 of 2", "r4", "r2", "SAB 1 of 2"],
  );
  const [head] = lines;
  assert.ok(head.kind === "head");
  assert.equal(headWords(head, true), "2 runs · 1 learned, 1 not judged yet");
  assert.equal(headWords(head, false), "2 runs · 1 learned, 1 not judged yet · so far");
  const judged = (/** @type {number} */ unjudged) => headWords({ ...head, learned: 0, unjudged }, true);
  assert.deepEqual([judged(0), judged(2)], ["2 runs · 0 learned", "2 runs · no verdict yet"]);
});

test("runs in no group and runs without a verdict have a head of their own", () => {
  const runs = [run("r2", { group: "g1", group_name: "mine" }), run("r1")];
  const heads = (/** @type {Table.GroupBy} */ by) =>
    linesOf(table(runs, { by })).flatMap((line) => (line.kind === "head" ? [line.label] : []));
  assert.deepEqual(heads("group"), ["mine", "in no group"]);
  assert.deepEqual(heads("verdict"), ["not judged yet"]);
  const learning = (/** @type {string} */ label) => /** @type {any} */ ({ word: "learning", label });
  const ended = [run("r2", { verdict: learning("was learning") }), run("r1", { verdict: learning("learning") })];
  assert.deepEqual(
    linesOf(table(ended, { by: "verdict" })).flatMap((line) => (line.kind === "head" ? [line.label] : [])),
    ["was learning", "learning"],
    "a run that ended learns no more",
  );
});

test("rows that are being deleted are not there", () => {
  assert.deepEqual(linesOf(table([run("r2"), run("r1")], { removing: new Set(["r2"]) })), [{ kind: "run", id: "r1" }]);
});

test("cells say what the run says, with a dash for knobs that a method does not have", () => {
  const cells = cellsOf(run("r1", { model: { method: "bptt", k_trunc: 0 } }));
  assert.deepEqual([cells.knobs.text, cells.method.text, cells.task.text], ["– · – · –", "BPTT", "copy T=10"]);
  assert.equal(cells.best.text, "accuracy 0.95");
  assert.match(cells.best.title, /fresh examples at update 375/);
  assert.equal(cells.rate.text, "–");
  assert.equal(cellsOf(run("r1", { status: "running", update: 120, updates_per_s: 81.26 })).rate.text, "81.3");
  assert.equal(cellsOf(run("r1", { status: "running", update: 120 })).status.text, "24 %");
  assert.equal(cellsOf(run("r1", { best: null, metrics: {} })).best.text, "–");
  assert.equal(metricOf(run("r1", { best: null, chance: { mse: 0.17, loss: 0.17 }, metrics: {} })), "mse");
  const text = run("r1", {
    task: { name: "char", data: "poems@00ff" },
    best: null,
    chance: { accuracy: 0.15, bpc: 4.8 },
  });
  assert.equal(metricOf(text), "bpc");
  assert.equal(cellsOf(text).task.title, "of poems");
  const read = run("r1", { task: { name: "char", data: null, carry: true } });
  assert.equal(cellsOf(read).task.title, "state carried from one window to the next");
  const digits = cellsOf(run("r1", { task: { name: "pixels", data: null, permuted: 0 } }));
  assert.equal(digits.task.title, "pixels in the order of seed 0");
  assert.match(digits.best.title, /on held-out images at update 375/);
});

test("the rate of a run that ended is the last of its training, and says so", () => {
  const rate = (/** @type {object} */ said) => cellsOf(run("r1", { ...said })).rate;
  assert.match(rate({ status: "running", updates_per_s: 81.26, trained_per_s: 81.26 }).title, /now/);
  const ended = rate({ trained_per_s: 120.44 });
  assert.equal(ended.text, "120");
  assert.match(ended.title, /when it trained last/);
  assert.doesNotMatch(ended.title, /now/);
  assert.equal(rate({ updates_per_s: 3 }).text, "–");
  const engine = "cuda, kernels that walk all steps in one launch on a card";
  assert.ok(rate({ status: "running", updates_per_s: 3, engine }).title.endsWith(`; on ${engine}`));
  assert.ok(rate({ trained_per_s: 3, engine }).title.endsWith(`; on ${engine}`));
});

test("a copy was started where it was trained, and says when it was imported", () => {
  const imported = { run: "r0", started: "2025-03-01T10:00:00Z" };
  const { created, imported: mark } = cellsOf(run("r1", { created: "2026-11-29T00:30:00Z", imported }));
  assert.match(created.text, /Mar 2025/);
  assert.deepEqual([mark.text, mark.title.includes("29/11/2026") || mark.title.includes("2026")], ["imported", true]);
  assert.match(mark.title, /a copy of run r0/);
  assert.equal(cellsOf(run("r1")).imported.text, "");
  assert.equal(cellsOf(run("r1", { imported: { run: "r0", started: null } })).created.text, "–");
});

test("an empty table says why, and offers what helps", () => {
  const none = table([]);
  assert.deepEqual(emptyWords(none)?.offer, "explorer");
  const nothing = { ...none, listing: { ...none.listing, filter: "xyz", of: "xyz" } };
  assert.deepEqual(emptyWords(nothing), { text: "No run matches “xyz”.", offer: "clear" });
  assert.equal(emptyWords(table([run("r1")])), null);
  assert.match(emptyWords(INITIAL)?.text ?? "", /Asking/);
});

test("the count is that of the list, of all where a filter holds, and without what is being deleted", () => {
  const two = table([run("r2"), run("r1")], { all: 4000 });
  assert.equal(countWords(two), "2 runs");
  assert.equal(countWords({ ...two, removing: new Set(["r2"]) }), "1 run");
  assert.equal(countWords({ ...two, listing: { ...two.listing, filter: "x", of: "x" } }), "2 of 4,000 runs");
  assert.equal(countWords({ ...two, by: "task", listing: { ...two.listing, total: 9 } }), "9 runs, 2 here so far");
});

test("rows of an earlier question are never told as the answer to one that is open or was refused", () => {
  const one = table([run("r1")], { all: 3 });
  const shown = { ...one.listing, filter: "seed:1", of: "seed:1" };
  assert.equal(beforeWords(shown), "");
  const asked = { ...shown, filter: "seed:two", version: 2 };
  assert.equal(countWords({ ...one, listing: asked }), "1 of 3 runs", "the list that is there, until the answer");
  const problem = /** @type {any} */ ({ detail: "seed is a whole number" });
  const refused = { ...asked, problem };
  assert.equal(countWords({ ...one, listing: refused }), "list before: 1 of 3 runs");
  assert.equal(beforeWords(refused), "Below is still the list of the filter before, “seed:1”.");
  assert.equal(beforeWords({ ...refused, of: "" }), "Below is still the list of before, without a filter.");
  const none = { ...INITIAL.listing, filter: "seed:two", problem };
  assert.deepEqual([countWords({ ...INITIAL, listing: none }), beforeWords(none)], ["", ""]);
  assert.equal(beforeWords({ ...shown, problem }), "", "a page of this very list that could not be had");
});

test("a first press sorts what is best or newest first, others from A; a second turns it round", () => {
  assert.equal(nextOrder("-created", "name"), "name");
  assert.equal(nextOrder("name", "name"), "-name");
  assert.equal(nextOrder("-created", "best"), "-best");
  assert.equal(nextOrder("-best", "best"), "best");
  assert.equal(nextOrder("best", "best"), "-best");
});

test("tags are words between commas, each once", () => {
  assert.deepEqual(tagsOf(" a, b ,,a, c d "), ["a", "b", "c d"]);
});
