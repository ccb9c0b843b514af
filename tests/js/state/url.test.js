import assert from "node:assert/strict";
import { test } from "node:test";

import { INITIAL } from "../../../static/js/state/initial.js";
import { flag, fraction, pairs, whole, wholes, word } from "../../../static/js/state/url/spelling.js";
import { fromHash, hereOnly, leftOut, toHash } from "../../../static/js/state/url/state.js";
import { state } from "../support/traces.js";

const knobs = (/** @type {Record<string, number>} */ override) => ({ ...INITIAL.knobs, override });
const full = state({
  target: { kind: "run", id: "r1_a-b" },
  follow: false,
  update: 4200,
  example: 3,
  share: 0.8,
  cell: true,
  theme: "dark",
  choice: { step: 40, memory: -1, whole: true },
  knobs: knobs({ k_top: 0, k_trunc: 10, k_att: 2 }),
});

/** The state that a link to `from` makes of a fresh one. @param {State} from */
const restored = (from) => {
  const { target, view } = fromHash(`#${toHash(from, { theme: true })}`);
  return { ...INITIAL, target, ...view };
};

test("a link brings the whole view back", () => assert.deepEqual(restored(full), full));

test("any view comes back, one after another", () => {
  let seed = 7;
  const random = (/** @type {number} */ below) => (seed = (seed * 16807) % 2147483647) % below;
  const maybe = (/** @type {number} */ value) => (random(2) ? value : null);
  for (let round = 0; round < 200; round += 1) {
    const update = maybe(random(100_000));
    const view = state({
      target: { kind: ["run", "preset", "checkpoint"][random(3)], id: `n${random(999)}` },
      follow: update === null,
      update,
      example: random(16),
      share: random(101) / 100,
      cell: random(2) === 1,
      theme: ["auto", "light", "dark"][random(3)],
      choice: { step: maybe(random(1000)), memory: maybe(random(1001) - 1), whole: random(2) === 1 },
      knobs: knobs(
        Object.fromEntries(["k_top", "k_trunc", "k_att"].filter(() => random(2)).map((name) => [name, random(200)])),
      ),
    });
    assert.deepEqual(restored(view), view);
    assert.ok(toHash(view, { theme: true }).length < 2000 - "http://127.0.0.1:8000/#".length);
  }
});

test("the longest view is a link of less than 2 kB", () => {
  const many = (/** @type {number} */ count) =>
    Array.from({ length: count }, (_, index) => /** @type {Pair} */ ([999 - index, 800 - index]));
  const view = state({
    ...full,
    target: { kind: "run", id: "r".repeat(64) },
    own: "A".repeat(400),
    pins: [997, 998, 999],
    range: [100, 999],
    knockouts: { ...INITIAL.knockouts, out: many(300) },
    scale: { ...INITIAL.scale, each: true },
    span: { from: 100, to: 900 },
  });
  assert.ok(toHash(view, { theme: true }).length < 2000 - "http://127.0.0.1:8000/#".length);
});

test("a view that nobody touched is a short link", () => {
  assert.equal(toHash(state({ target: { kind: "preset", id: "copy" } })), "preset=copy");
});

test("the theme travels only when asked, and a link without one leaves a person's own", () => {
  assert.doesNotMatch(toHash(full), /theme/);
  assert.equal("theme" in fromHash("#preset=copy").view, false);
});

test("what a link does not say is as in the beginning, so that a second link leaves nothing of the first", () => {
  const { view } = fromHash("#preset=copy");
  assert.deepEqual({ ...full, ...view, target: null, theme: "auto" }, INITIAL);
});

for (const [what, hash] of [
  ["an identifier with markup", "#preset=<img>"],
  ["a path", "#run=../../x"],
  ["nothing", ""],
  ["noise", "#%%%"],
]) {
  test(`${what} names no network`, () => assert.equal(fromHash(hash).target, null));
}

test("values that are not as they should be are left out", () => {
  const { view, unread } = fromHash(
    "#preset=copy&update=-3&example=16&loss_step=4.5&memory=-2&share=7&theme=pink&k_top=NaN&k_att=two&cell=yes",
  );
  assert.deepEqual(view, fromHash("#preset=copy").view);
  assert.deepEqual(unread, [
    "update = -3",
    "example = 16",
    "loss_step = 4.5",
    "memory = -2",
    "share = 7",
    "k_top = NaN",
    "k_att = two",
    "cell = yes",
    "theme = pink",
  ]);
  assert.deepEqual(fromHash("#preset=copy&k_top=2").unread, []);
});

test("values are spelt so that they come back, and with characters that a link keeps", () => {
  const cases = /** @type {[import("../../../static/js/state/url/spelling.js").Spelling<any>, any][]} */ ([
    [whole(-1), -1],
    [whole(), 123456789],
    [fraction, 0.05],
    [fraction, 1],
    [flag, true],
    [word(["a", "b"]), "b"],
    [wholes(3), [3, 14, 15]],
    [
      pairs(2),
      [
        [40, 0],
        [41, 1],
      ],
    ],
  ]);
  for (const [spelling, value] of cases) {
    const text = spelling.text(value);
    assert.deepEqual(spelling.value(text), value);
    assert.equal(new URLSearchParams({ x: text }).toString(), `x=${text}`);
  }
  assert.deepEqual(
    [wholes(1).value("1_2"), wholes(3).value("1_x"), pairs(1).value("1-2_3-4"), pairs(2).value("1-2_3")],
    [null, null, null, null],
  );
});

test("a link that has no room for all knocked-out arcs says how many it holds", () => {
  const knocked = (/** @type {number} */ count) =>
    state({
      knockouts: {
        ...INITIAL.knockouts,
        out: Array.from({ length: count }, (_, place) => /** @type {Pair} */ ([place + 1, 0])),
      },
    });
  assert.equal(leftOut(knocked(100)), "");
  assert.match(leftOut(knocked(140)), /holds the first 100 of 140 knocked-out arcs/);
  assert.equal(restored(knocked(140)).knockouts.out.length, 100);
});

test("a link that nobody else can open says so, and what to send of a run", () => {
  const run = /** @type {const} */ ({ target: { kind: "run", id: "r1" } });
  const preset = /** @type {const} */ ({ target: { kind: "preset", id: "copy" } });
  for (const host of ["localhost", "127.0.0.1", "127.0.1.1", "[::1]"]) {
    assert.match(hereOnly(host, run), /on this computer only: send others the bundle of the run$/);
    assert.match(hereOnly(host, preset), /on this computer only$/);
  }
  for (const host of ["lab.example.org", "10.0.0.7", "127.example.org", "localhost.example.org"])
    assert.equal(hereOnly(host, run), "");
});
