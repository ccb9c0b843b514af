import assert from "node:assert/strict";
import { test } from "node:test";

import { fromHash, toHash } from "../../static/js/url_state.js";
import { state } from "./support/traces.js";

const full = state({
  target: { kind: "run", id: "r1_a-b" }, follow: false, update: 4200, example: 3, share: 0.8, cell: true, theme: "dark",
  choice: { step: 40, memory: -1, whole: true }, knobs: { pending: {}, override: { k_top: 0, k_trunc: 10, k_att: 2 }, problems: {}, moving: {}, undo: null },
});

test("a link brings the whole view back", () => {
  const back = fromHash(`#${toHash(full, { theme: true })}`);
  assert.deepEqual(back.target, full.target);
  assert.deepEqual(back.override, full.knobs.override);
  assert.deepEqual(back.state, { choice: full.choice, follow: false, update: 4200, example: 3, share: 0.8, cell: true, theme: "dark" });
});

test("a view that nobody touched is a short link", () => {
  assert.equal(toHash(state({ target: { kind: "preset", id: "copy" } })), "preset=copy");
});

test("the theme travels only when asked", () => {
  assert.doesNotMatch(toHash(full), /theme/);
});

for (const [what, hash] of [
  ["an identifier with markup", "#preset=<img>"], ["a path", "#run=../../x"], ["nothing", ""], ["noise", "#%%%"],
]) {
  test(`${what} names no network`, () => assert.equal(fromHash(hash).target, null));
}

test("values that are not as they should be are left out", () => {
  const { state: view, override } = fromHash("#preset=copy&update=-3&example=1e9&loss_step=4.5&memory=-2&share=7&theme=pink&k_top=NaN&k_att=two");
  assert.deepEqual(view, { choice: { step: null, memory: null, whole: false } });
  assert.deepEqual(override, {});
});
