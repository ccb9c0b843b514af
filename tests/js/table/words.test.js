import assert from "node:assert/strict";
import { test } from "node:test";

import { chartOf } from "../../../static/js/table/overlay/curves/chart.js";
import { examplesOf, factsOf } from "../../../static/js/table/overlay/facts.js";
import { captionOf, copiesWords, endWords, learnedWords, SENTENCES } from "../../../static/js/table/overlay/words.js";
import { INITIAL, PLAIN_OVERLAY } from "../../../static/js/table/state/initial.js";
import { EXAMPLES } from "../../../static/js/wire/contract.js";
import { AT_CHANCE, LEARNED, fetched, run } from "../support/runs.js";

const fresh = { x: [125, 250], y: [0.5, 0.7] };
const seeds = [
  run("r1", { verdict: LEARNED }),
  run("r2", { training: { seed: 2 }, verdict: AT_CHANCE }),
  run("r3", { training: { seed: 3 }, verdict: LEARNED }),
];
const alike = Object.fromEntries(seeds.map(({ id }) => [id, fetched([1, 2], [0.1, 0.2], fresh)]));

/** @param {RunView[]} runs @param {Record<string, Table.Fetched>} curves @param {Partial<Table.Overlay>} overlay */
function facts(runs, curves, overlay = {}) {
  /** @type {Table.State} */
  const state = {
    ...INITIAL,
    runs: new Map(runs.map((one) => [one.id, one])),
    chosen: new Set(runs.map(({ id }) => id)),
    curves: new Map(Object.entries(curves)),
    overlay: { ...PLAIN_OVERLAY, ...overlay },
  };
  return factsOf(chartOf(state), state);
}
/** @param {Parameters<typeof facts>} of */
const said = (...of) => SENTENCES.filter(({ holds }) => holds(facts(...of))).map(({ name }) => name);
const plain = said(seeds, alike);

test("three seeds of one setting are told as a mean with a band, and how many learned", () => {
  assert.deepEqual(plain, ["bundled", "band", "learned", "fresh", "chance"]);
  assert.deepEqual(captionOf(facts(seeds, alike)).slice(0, 3), [
    "1 line: it is the mean over runs that differ in nothing but the seed.",
    "A band reaches from the smallest to the largest of the runs.",
    "2 of 3 runs learned.",
  ]);
});

/** @type {[name: string, with: Parameters<typeof facts>, without: Parameters<typeof facts>][]} */
const CASES = [
  ["bundled", [seeds, alike], [seeds, alike, { lines: "each" }]],
  ["each", [seeds, alike, { lines: "each" }], [seeds, alike]],
  ["band", [seeds, alike], [[seeds[0], run("r4", { model: { k_top: 1 } })], alike]],
  ["alone", [[...seeds, run("r4", { model: { k_top: 1 } })], { ...alike, r4: alike.r1 }], [seeds, alike]],
  ["learned", [seeds, alike], [[run("r1"), run("r2")], alike]],
  [
    "copies",
    [[...seeds, run("r4", { verdict: LEARNED, imported: { run: "r1", started: null } })], { ...alike, r4: alike.r1 }],
    [[...seeds, run("r4", { imported: { run: "r9", started: null } })], { ...alike, r4: alike.r1 }],
  ],
  ["unjudged", [[...seeds, run("r4", { training: { seed: 4 } })], alike], [seeds, alike]],
  ["fresh", [seeds, alike], [seeds, alike, { from: "training" }]],
  ["unfresh", [seeds.slice(0, 1), { r1: fetched([1], [1]) }, { from: "fresh" }], [seeds, alike]],
  ["training", [seeds.map((one) => ({ ...one, update: 200 })), alike, { from: "training" }], [seeds, alike]],
  ["smooth", [seeds, alike, { smooth: 0.5 }], [seeds, alike]],
  ["zeros", [seeds, { ...alike, r2: fetched([1, 2], [0, 0.2], { x: [125, 250], y: [0, 0.7] }) }], [seeds, alike]],
  ["pale", [seeds, { ...alike, r2: fetched([1, 2], [0.1, 0.2], { x: [125], y: [0.5] }) }], [seeds, alike]],
  [
    "chance",
    [seeds, alike],
    [seeds.map((one, place) => ({ ...one, chance: { accuracy: place, loss: place } })), alike],
  ],
  ["live", [[...seeds, run("r4", { status: "running" })], alike], [seeds, alike]],
  ["waiting", [seeds, {}], [seeds, alike]],
  ["blank", [seeds, { ...alike, r2: fetched([1], [0.1]) }], [seeds, alike]],
];

for (const [name, yes, no] of CASES)
  test(`the sentence “${name}” is said where it holds, and nowhere else`, () => {
    assert.ok(said(...yes).includes(name), `${said(...yes)}`);
    assert.ok(!said(...no).includes(name), `${said(...no)}`);
  });

test("a copy is counted nowhere: not among those that learned, nor those that are drawn", () => {
  const copy = run("r4", { verdict: LEARNED, imported: { run: "r1", started: null } });
  const words = captionOf(facts([...seeds, copy], { ...alike, r4: alike.r1 }));
  assert.ok(words.includes("2 of 3 runs learned."));
  assert.ok(words.includes("Left out is 1 copy of runs that are counted already: a seed counts once."));
  assert.deepEqual([copiesWords({ copies: 0 }), copiesWords({ copies: 2 })], ["", "2 copies left out"]);
});

test("runs of another metric are told to be left out, by metric and number", () => {
  const adding = run("r9", { best: { metric: "mse", value: 0.1, update: 1 }, chance: { mse: 0.2, loss: 0.2 } });
  const words = captionOf(facts([...seeds, { ...adding, verdict: LEARNED, status: "running" }], alike));
  assert.ok(words.some((one) => /1 run \(mse\)/.test(one)));
  assert.ok(words.includes("2 of 3 runs learned."), "of those that are drawn");
  assert.ok(!words.some((one) => /not ended/.test(one)));
  assert.ok(!plain.includes("left"));
});

test("values that are means over bins say so, and those of single updates do not", () => {
  const long = seeds.map((one) => ({ ...one, update: 10_000 }));
  assert.ok(said(long, alike, { from: "training" }).includes("binned"));
  const short = seeds.map((one) => ({ ...one, update: 200 }));
  assert.ok(!said(short, alike, { from: "training" }).includes("binned"));
});

test("knobs that were turned are told of, those that only look turned are not", () => {
  const data = (/** @type {object[]} */ changes) => ({
    ...alike.r1,
    data: { .../** @type {any} */ (alike.r1.data), changes },
  });
  const turned = data([{ update: 100, parameters: { k_top: 2 } }]);
  assert.ok(said(seeds, { ...alike, r1: turned }).includes("turned"));
  assert.ok(!said(seeds, { ...alike, r1: data([{ update: 0, parameters: { k_top: 5 } }]) }).includes("turned"));
});

test("curves that could not be had are told with the server's reason", () => {
  const failed = { ...alike.r1, data: null, problem: { title: "x", status: 0, detail: "no answer" } };
  assert.ok(
    captionOf(facts(seeds, { ...alike, r1: failed })).some((one) => one.endsWith("could not be had: no answer")),
  );
  assert.ok(!plain.includes("failed"));
});

test("more runs than are drawn unasked are told of", () => {
  const many = Array.from({ length: 103 }, (_, place) => run(`r${place}`, { training: { seed: place } }));
  assert.ok(captionOf(facts(many, {})).some((one) => one === "Looked at are the first 100 of 103 chosen runs."));
  assert.ok(!said(many, {}, { all: true }).includes("beyond"));
});

test("how many learned is counted from verdicts, and open ones are not counted as failures", () => {
  assert.equal(learnedWords({ runs: [1, 2, 3, 4, 5], learned: 4, unjudged: 0 }), "learned 4 of 5");
  assert.equal(learnedWords({ runs: [1, 2, 3], learned: 1, unjudged: 1 }), "learned 1 of 3, 1 not judged yet");
  assert.equal(learnedWords({ runs: [1, 2], learned: 0, unjudged: 2 }), "no verdict yet");
  assert.equal(learnedWords({ runs: [1], learned: 0, unjudged: 0 }), "not learned");
});

test("the last value of a curve says of how many runs it is where some have ended before", () => {
  const none = { x: [], mean: [], low: [], high: [], n: [], of: 3 };
  const all = { x: [125, 250], mean: [0.5, 0.75], low: [0, 0], high: [1, 1], n: [3, 3], of: 3 };
  assert.equal(endWords({ metric: all, loss: none }, "accuracy"), "accuracy 0.75 at update 250");
  assert.equal(
    endWords({ metric: { ...all, n: [3, 1] }, loss: none }, "accuracy"),
    "accuracy 0.75 at update 250 (of 1 of 3 runs)",
  );
  assert.equal(endWords({ metric: none, loss: none }, "accuracy"), "no value yet");
});

test("what values are of is said in words that are true of every run in the picture", () => {
  const of = (/** @type {string[]} */ ...names) => examplesOf(names.map((name) => run(name, { task: { name } })));
  assert.equal(of("copy", "adding"), "fresh examples");
  assert.equal(of("char"), "held-out pieces of the text");
  assert.equal(of("pixels", "pixels"), "held-out images");
  assert.equal(of("char", "pixels"), "unseen examples");
  assert.equal(of("copy", "a later one"), "unseen examples");
  assert.equal(of("a later one"), "unseen examples");
  assert.equal(of(), "unseen examples");
  const [text] = [run("r1", { task: { name: "char" } })];
  const said = captionOf(facts([text], { r1: fetched([1, 2], [2, 1], fresh) }));
  assert.ok(said.includes("Values are those of held-out pieces of the text, which no network trained on."));
  assert.ok(Object.keys(EXAMPLES).every((name) => of(name) === EXAMPLES[name]));
});
