import assert from "node:assert/strict";
import { test } from "node:test";

import { reduce } from "../../../../static/js/state/reducer.js";
import { probeKey, wantedProbe } from "../../../../static/js/state/selectors.js";
import { picture, story } from "../../../../static/js/state/shown.js";
import { previewTrace } from "../../../../static/js/state/selectors/preview.js";
import { following, run, state, trace } from "../../support/traces.js";

const read = (/** @type {number[]} */ scores, /** @type {number[]} */ weights) =>
  trace({
    attention: { reader: scores.map(() => 4), source: scores.map((_, index) => index), weight: weights, score: scores },
    parameters: { ...trace().parameters, k_top: 3 },
  });

test("a smaller k_top takes the next score away, as the paper's normaliser does", () => {
  const { attention } = /** @type {any} */ (previewTrace(read([1, 3, 2], [0.1, 0.6, 0.3]), { k_top: 2 }));
  assert.deepEqual(attention.source, [1, 2]);
  const expected = [2 / (3 + 1e-8), 1 / (3 + 1e-8)];
  attention.weight.forEach((/** @type {number} */ weight, /** @type {number} */ index) =>
    assert.ok(Math.abs(weight - expected[index]) < 1e-12),
  );
});

test("with equal scores the earlier memory stays", () => {
  assert.deepEqual(previewTrace(read([2, 2, 2], [0.3, 0.3, 0.3]), { k_top: 1 })?.attention.source, [0]);
});

test("a step with no more memories than k_top keeps its weights", () => {
  assert.deepEqual(previewTrace(read([1, 3], [0.2, 0.8]), { k_top: 2 })?.attention.weight, [0.8, 0.2]);
});

test("k_top = 0 reads nothing, and no arc is left", () => {
  const none = previewTrace(read([1], [1]), { k_top: 0 });
  assert.equal(none?.attention.reader.length, 0);
  assert.deepEqual(
    none?.edges.map((edge) => edge.kind),
    ["local"],
  );
  assert.deepEqual(
    none?.paths.map((path) => path.kinds),
    [["local"]],
  );
});

test("more memories than were sent cannot be previewed", () => {
  assert.equal(previewTrace(trace(), { k_top: 9 }), null);
  assert.equal(previewTrace(trace(), { k_top: 1.5 }), null);
});

test("a wider k_att leaves the memories that are still written, and what hangs on the others goes", () => {
  const wide = previewTrace(trace(), { k_att: 2 });
  assert.deepEqual(wide?.memories, [-1, 1, 3]);
  assert.deepEqual(Array.from(wide?.attention.source ?? []), [-1, -1]);
  assert.deepEqual(
    wide?.edges.map((edge) => edge.kind),
    ["local"],
  );
  assert.equal(
    previewTrace({ ...trace(), parameters: { ...trace().parameters, k_att: 2 } }, { k_att: 3 }),
    null,
    "memories that were never written are not guessed",
  );
});

test("a knob whose effect only the server knows dims the picture instead of passing it off as the answer", () => {
  const still = state({ target: { kind: "preset", id: "copy" } });
  const shown = { ...still, probed: { key: /** @type {string} */ (probeKey(wantedProbe(still))), trace: trace() } };
  assert.equal(story(reduce(shown, { type: "knob/move", name: "k_top", value: 9 })).state, "stale");
});

test("local edges over a new cut go, and the paths over them", () => {
  const cut = previewTrace(trace(), { k_trunc: 5 });
  assert.deepEqual(cut?.cuts, [4]);
  assert.deepEqual(
    cut?.edges.map((edge) => edge.kind),
    ["skip"],
  );
  assert.deepEqual(
    cut?.paths.map((path) => path.kinds),
    [["skip"]],
  );
});

test("between the acknowledgement and the next snapshot the old cuts do not come back", () => {
  const before = following({
    live: trace({ run: "r1", preset: null, parameters: { k_top: 5, k_trunc: 5, k_att: 1 } }),
  });
  assert.equal(story(before).state, "live");
  const acknowledged = { ...before, run: run({ parameters: { ...before.run?.parameters, k_trunc: 2 } }) };
  assert.equal(story(acknowledged).state, "preview");
  assert.deepEqual(story(acknowledged).trace?.cuts, [1, 3]);
  const arrived = {
    ...acknowledged,
    live: trace({ run: "r1", preset: null, parameters: { k_top: 5, k_trunc: 2, k_att: 1 } }),
  };
  assert.equal(story(arrived).state, "live");
});

test("while a knob moves the panels show a preview, and the exact answer replaces it", () => {
  const still = state({ target: { kind: "preset", id: "copy" } });
  const shown = {
    ...still,
    probed: { key: /** @type {string} */ (probeKey(wantedProbe(still))), trace: read([1, 3, 2], [0.1, 0.6, 0.3]) },
  };
  const moving = reduce(shown, { type: "knob/move", name: "k_top", value: 1 });
  assert.equal(story(moving).state, "preview");
  assert.equal(story(moving).trace, story(moving).trace, "the preview keeps its identity, so it is painted once");
  const turned = reduce(moving, { type: "knob/turn", name: "k_top", from: 3, value: 1, command: null });
  assert.equal(picture(turned).state, "preview");
  assert.deepEqual(turned.knobs.moving, {});
  const exact = trace({ parameters: { ...trace().parameters, k_top: 1 } });
  const answered = reduce(turned, { type: "probe/answer", key: probeKey(wantedProbe(turned)), trace: exact });
  assert.equal(story(answered).state, "live");
  assert.equal(story(answered).trace, exact);
});

test("where no exact answer will come, what only the network knows is not shown as if it were so", () => {
  const held = { about: { version: "1", made: "", origin: null }, hash: null, left_out: [], pictures: 1 };
  const seen = trace({ run: "r1", update: 100, hits: { 4: true }, hit_rate: 1 });
  const at = (/** @type {object} */ more) =>
    following({
      ...{ run: run({ status: "finished" }), follow: false, update: 100, stored: seen, snapshots: [100, 400] },
      ...more,
    });
  const turned = { ...state().knobs, override: { k_att: 2 } };
  const locked = story(at({ knobs: turned }));
  assert.equal(locked.trace, seen, "a server that has no weights of it: nothing is guessed");
  const { trace: shown, state: freshness } = story(at({ knobs: turned, recorded: held }));
  assert.equal(freshness, "preview");
  assert.deepEqual([shown?.preview, shown?.hit_rate, shown?.reach, shown?.gradient_norm], [{ k_att: 2 }, null, {}, {}]);
  assert.ok(shown?.predictions.every((value) => value === null));
  const cut = story(at({ knobs: { ...state().knobs, override: { k_trunc: 1 } }, recorded: held })).trace;
  assert.deepEqual(Object.keys(cut?.gradient_norm ?? {}), seen.gradient_norm.full ? ["full"] : []);
  assert.equal(cut?.predictions, seen.predictions, "cuts change no answer");
});
