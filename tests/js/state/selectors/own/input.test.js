import assert from "node:assert/strict";
import { test } from "node:test";

import { reduce } from "../../../../../static/js/state/reducer.js";
import { wantedProbe } from "../../../../../static/js/state/selectors.js";
import { ownHint, ownInput } from "../../../../../static/js/state/selectors/own/input.js";
import { fromHash, toHash } from "../../../../../static/js/state/url/state.js";
import { state } from "../../../support/traces.js";

/** @typedef {import("../../../../../static/js/state/selectors/own/input.js").Task} Task */
const task = (/** @type {Partial<Task>} */ change) => /** @type {Task} */ ({ name: "copy", T: 4, items: 3, ...change });

test("a short text becomes the inputs of its task", () => {
  assert.deepEqual(ownInput(task({}), "c a H").inputs, [2, 0, 7, 8, 8, 8, 9, 8, 8, 8]);
  assert.deepEqual(ownInput(task({ name: "denoise", items: 2 }), ".F.C").inputs, [8, 5, 8, 2, 9, 8, 8]);
  assert.deepEqual(ownInput(task({ name: "recall", T: 2, items: 2 }), "c5 a2 c").inputs, [2, 12, 0, 9, 16, 16, 2]);
  assert.deepEqual(ownInput(task({ name: "adding", items: null }), "1:0.25 3:1").inputs, [
    [0.5, 0],
    [0.25, 1],
    [0.5, 0],
    [1, 1],
  ]);
});

test("the example of every hint is good", () => {
  for (const [name, T, items] of /** @type {const} */ ([
    ["copy", 30, null],
    ["denoise", 25, 4],
    ["denoise", 10, null],
    ["recall", 20, null],
    ["recall", 5, 8],
    ["adding", 50, null],
    ["adding", 3, null],
  ])) {
    const one = task({ name, T, items });
    assert.equal(ownInput(one, ownHint(one).example).problem, null, `${name} ${T} ${items}`);
  }
  const lengths = Array.from({ length: 40 }, (_, at) => at + 1);
  for (const T of lengths) {
    for (const items of [1, 2, 8].filter((count) => count <= T))
      for (const name of /** @type {const} */ (["copy", "denoise", "recall"])) {
        const one = task({ name, T, items });
        assert.equal(ownInput(one, ownHint(one).example).problem, null, `${name} ${T} ${items}`);
      }
    const adding = task({ name: "adding", T: T + 1, items: null });
    assert.equal(ownInput(adding, ownHint(adding).example).problem, null, `adding ${T + 1}`);
  }
});

test("one thing is told as one", () => {
  assert.equal(ownHint(task({ items: 1 })).hint, "1 letter of A … H");
  assert.match(
    ownInput(task({ name: "recall", items: 1 }), "a1 b2 a").problem ?? "",
    /: 1 pair of .*; there are 2 pairs: leave out 1$/,
  );
});

for (const [change, text, words] of /** @type {[Partial<Task>, string, RegExp][]} */ ([
  [{}, "AB", /3 letters of A … H; these are 2: add 1$/],
  [{}, "ABCD", /3 letters of A … H; these are 4: leave out 1$/],
  [{}, "AXB", /“X” at place 2 is none of them: write one from A to H there$/],
  [{}, "Z", /^your input = “Z”: 3 letters of A … H; “Z” at place 1 is none of them: write one from A to H there$/],
  [{}, "", /^your input = nothing: .*: add 3$/],
  [{ name: "denoise", items: 2 }, "A.Z.", /“Z” at place 3 is none of them: write a letter from A to H or a dot there$/],
  [{ name: "denoise", items: 2 }, "A.B", /4 signs.*these are 3: add 1$/],
  [{ name: "denoise", items: 2 }, "A...", /there is 1 letter: write letters for some dots$/],
  [{ name: "recall", items: 2 }, "a1 a2 a", /each key may stand once: take another letter/],
  [{ name: "recall", items: 2 }, "a1 b2 c", /none of the keys: end with a or b$/],
  [{ name: "recall", items: 2 }, "a1 b9 a", /“b9” is no such pair: write a letter and a digit, as a1$/],
  [{ name: "adding" }, "1:0.5", /this is 1: add 1$/],
  [{ name: "adding" }, "1:0.5 9:0.5", /9:0.5 lies outside: lower its step$/],
  [{ name: "adding" }, "1:0.5 2:1.5", /2:1.5 lies outside: lower its number$/],
  [{ name: "adding" }, "1:0.5 1:0.7", /must differ: change one of them$/],
  [{ name: "adding" }, "one two", /“one” is not step:number: write it as 1:0.25$/],
])) {
  test(`bad input of ${change.name ?? "copy"}, “${text}”, is explained with field, value, range and reason`, () => {
    const { inputs, problem } = ownInput(task(change), text);
    assert.equal(inputs, null);
    assert.match(problem ?? "", /^your input = (“.+”|nothing): .+; .+: .+$/);
    assert.match(problem ?? "", words);
  });
}

test("good input travels with the probe and in the link; an example takes its place", () => {
  const spec = { task: task({}), model: {}, training: {} };
  const before = state({ target: { kind: "preset", id: "p" }, presets: [{ name: "p", spec }] });
  const own = reduce(before, { type: "view/own", text: "CAH" });
  assert.deepEqual(wantedProbe(own)?.inputs, [2, 0, 7, 8, 8, 8, 9, 8, 8, 8]);
  assert.equal(wantedProbe(reduce(before, { type: "view/own", text: "nonsense" }))?.inputs, undefined);
  assert.equal(fromHash(toHash(own)).view.own, "CAH");
  assert.equal(reduce(own, { type: "view/example", example: 3 }).own, null);
});
