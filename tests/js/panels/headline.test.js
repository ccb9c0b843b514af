import assert from "node:assert/strict";
import { test } from "node:test";

import { headline } from "../../../static/js/panels/story/headline.js";
import { storyPath } from "../../../static/js/panels/story/path.js";
import { trace } from "../support/traces.js";

test("the headline tells the story of a right answer and its arc", () => {
  const { title, answer } = headline(trace());
  assert.equal(title, "At step 4 the network repeats the symbol of step 0. What carried the blame back?");
  assert.equal(
    answer,
    "One hop: step 4 read step 0 with weight 0.93, its strongest reading. " +
      "Truncated backpropagation reaches steps 3–4 only.",
  );
});

test("a wrong answer is not called a repetition", () => {
  assert.match(
    headline(trace({ predictions: [8, 8, 8, 8, 5] })).title,
    /^At step 4 it should say “D” of step 0, but says “F”\./,
  );
});

test("without the arc the headline does not claim one", () => {
  const rests = trace({
    edges: [],
    paths: [{ steps: [4, 3], kinds: ["local"], strength: 0.5 }],
    attention: { reader: [4], source: [-1], weight: [1], score: [] },
  });
  assert.match(
    headline(rests).answer,
    /^Step 4 rests on the empty memory \(weight 1\), and no skip edge carries credit\. SAB reaches steps 3–4, 0\.$/,
  );
});

test("scores that are all equal attend to no memory, and that is said", () => {
  const none = trace({ paths: [], attention: { reader: [4, 4], source: [-1, 0], weight: [0, 0], score: [] } });
  assert.match(headline(none).answer, /^Step 4 attends to no memory: all its weights are 0\./);
});

test("an arc to another memory than the true source is not the story", () => {
  const elsewhere = trace({
    edges: [{ kind: "skip", reader: 4, source: 2, credit: 0.3, weight: 1, chosen: true }],
    paths: [{ steps: [4, 2], kinds: ["skip"], strength: 0.3 }],
    attention: { reader: [4], source: [2], weight: [1], score: [] },
  });
  assert.equal(storyPath(elsewhere, 4), null);
  assert.match(headline(elsewhere).answer, /^No skip edge leads to the true source\./);
});

test("with k_att = 2 the story ends at the first microstate at or after the true source", () => {
  const spaced = trace({
    memories: [-1, 1, 3],
    paths: [{ steps: [4, 1], kinds: ["skip"], strength: 0.3 }],
    attention: { reader: [4], source: [1], weight: [0.98], score: [] },
  });
  assert.match(headline(spaced).answer, /^One hop: step 4 read step 1 with weight 0\.98, its strongest reading\./);
});

test("two hops are told as two", () => {
  const twice = trace({
    paths: [{ steps: [4, 2, 0], kinds: ["skip", "skip"], strength: 0.1 }],
    attention: { reader: [4, 2], source: [2, 0], weight: [0.5, 0.25], score: [] },
  });
  assert.match(
    headline(twice).answer,
    /^Two hops: step 4 read step 2 \(weight 0\.5\), step 2 read step 0 \(weight 0\.25\)\./,
  );
});

test("more hops than two are told by their steps, in one line", () => {
  const thrice = trace({
    paths: [{ steps: [4, 3, 2, 1, 0], kinds: ["skip", "skip", "local", "skip"], strength: 0.1 }],
    attention: { reader: [4, 3, 1], source: [3, 2, 0], weight: [0.5, 0.25, 0.1], score: [] },
  });
  assert.match(headline(thrice).answer, /^Three hops: 4 → 3 → 2, locally to 1, 1 → 0\. Truncated/);
});

test("an arc of the threshold memory is not called a reading", () => {
  const threshold = trace({ attention: { reader: [4], source: [2], weight: [1], score: [] } });
  assert.match(
    headline(threshold).answer,
    /^One hop over a threshold memory: step 4 compared itself with step 0, which has weight 0\./,
  );
});

test("the story is the strongest way to the true source, also when its path goes on from there", () => {
  const edges = [
    { kind: "skip", reader: 4, source: 1, credit: 0.5, weight: 0.9, chosen: true },
    { kind: "skip", reader: 1, source: 0, credit: 0.01, weight: 0.2, chosen: true },
    { kind: "local", reader: 4, source: 3, credit: 0.4, chosen: true },
    { kind: "skip", reader: 3, source: 1, credit: 0.1, weight: 0.1, chosen: true },
  ];
  const paths = [
    { steps: [4, 3, 1], kinds: ["local", "skip"], strength: 0.1 },
    { steps: [4, 1, 0], kinds: ["skip", "skip"], strength: 0.01 },
  ];
  assert.deepEqual(storyPath(trace({ edges, paths, true_sources: { 4: [1] } }), 4), {
    steps: [4, 1],
    kinds: ["skip"],
    strength: 0.5,
  });
});

test("a reading of the true source is told though its arc is hidden, and before a stronger detour", () => {
  const filtered = trace({ paths: [{ steps: [4, 3], kinds: ["local"], strength: 0.5 }], paths_hidden: 1, share: 0.5 });
  assert.match(
    headline(filtered).answer,
    /^One hop: step 4 read step 0 with weight 0\.93 \(its arc is hidden\), its strongest reading\./,
  );
  const edges = [
    { kind: "skip", reader: 4, source: 0, credit: 0.07, weight: 0.93, chosen: true },
    { kind: "skip", reader: 4, source: 2, credit: 0.4, weight: null, chosen: false },
    { kind: "skip", reader: 2, source: 0, credit: 0.3, weight: 0.2, chosen: true },
  ];
  const detour = trace({
    edges,
    paths: [
      { steps: [4, 2, 0], kinds: ["skip", "skip"], strength: 0.3 },
      { steps: [4, 0], kinds: ["skip"], strength: 0.07 },
    ],
  });
  assert.deepEqual(storyPath(detour, 4)?.steps, [4, 0]);
});

test("what is hidden is not called missing", () => {
  const hidden = trace({
    paths: [{ steps: [4, 2], kinds: ["skip"], strength: 0.3 }],
    paths_hidden: 80,
    attention: { reader: [4], source: [2], weight: [1], score: [] },
  });
  assert.match(headline(hidden).answer, /^No path shown leads to the true source; 80 weaker ones are hidden\./);
});

test("of very many hops the first and the last are told", () => {
  const steps = [4, 3, 2, 1, 0];
  const many = { steps: [...steps.map((step) => step + 8), 7, 6, 5, 0], kinds: Array(8).fill("skip"), strength: 0.1 };
  assert.match(
    headline(
      trace({
        steps: 13,
        loss_step: 12,
        true_sources: { 12: [0] },
        paths: [many],
        attention: { reader: [12], source: [11], weight: [1], score: [] },
      }),
    ).answer,
    /^8 hops: the first 12 → 11, the last 5 → 0\./,
  );
});

test("k_top = 0 is said, and what it means", () => {
  const off = trace({
    parameters: { k_top: 0 },
    edges: [],
    paths: [],
    attention: { reader: [], source: [], weight: [], score: [] },
    reach: { sab: [[3, 4]], truncated: [[3, 4]] },
  });
  assert.equal(
    headline(off).answer,
    "k_top = 0: no written memory is read, so SAB is truncated backpropagation now. SAB reaches steps 3–4.",
  );
});

test("the whole loss has no single step to tell of", () => {
  assert.match(headline(trace({ loss_step: null })).title, /^The loss of the whole sequence/);
});

test("adding names both numbers", () => {
  const adding = trace({ task: { name: "adding" }, true_sources: { 4: [0, 2] } });
  assert.match(headline(adding).title, /^At step 4 it says 3: steps 0 and 2 add up to 3\. What/);
});

test("a sum that is far off is not called an addition, and a number that is not finite is none", () => {
  const says = (/** @type {number | null} */ value) =>
    headline(
      trace({
        task: { name: "adding" },
        true_sources: { 4: [0, 2] },
        targets: [0, 0, 0, 0, 1.084],
        predictions: [0, 0, 0, 0, value],
      }),
    ).title;
  assert.match(says(0.02), /^At step 4 it says 0\.02, but steps 0 and 2 add up to 1\.08\. What/);
  assert.match(says(1.13), /^At step 4 it says 1\.13, but steps/);
  assert.match(says(1.12), /^At step 4 it says 1\.12: steps 0 and 2 add up to 1\.08\. What/);
  assert.match(says(null), /^At step 4 the network says no finite number\. What/);
});

test("before the first trace there is still a question", () => {
  assert.deepEqual(headline(null), { title: "Which past steps get the blame?", answer: "" });
});
