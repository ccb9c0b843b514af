import assert from "node:assert/strict";
import { test } from "node:test";

import { reduce } from "../../../../static/js/state/reducer.js";
import { following, run, state } from "../../support/traces.js";

const frame = (/** @type {any} */ message) => ({
  type: "frame",
  at: 1000,
  message: { run: "r1", attempt: 1, ...message },
});

test("a knob is pending until its own acknowledgement, and the run's word is what is in force", () => {
  let now = reduce(following(), { type: "knob/turn", name: "k_top", from: 5, value: 2, command: "c1" });
  assert.equal(now.knobs.pending.k_top?.value, 2);
  assert.equal(now.run?.parameters.k_top, 5);
  now = reduce(
    now,
    frame({
      kind: "parameters",
      update: 20,
      data: { command_id: "another", parameters: { k_att: 3 }, params_version: 2 },
    }),
  );
  assert.equal(now.knobs.pending.k_top?.value, 2, "another tab's knob acknowledges nothing of ours");
  now = reduce(
    now,
    frame({ kind: "parameters", update: 21, data: { command_id: "c1", parameters: { k_top: 2 }, params_version: 3 } }),
  );
  assert.deepEqual(now.knobs.pending, {});
  assert.equal(now.run?.parameters.k_top, 2);
  assert.equal(now.run?.params_version, 3);
  assert.deepEqual(
    now.marks.map((mark) => mark.update),
    [20, 21],
  );
  assert.deepEqual(now.knobs.undo, { name: "k_top", from: 5, to: 2 });
});

for (const end of ["applied", "superseded"]) {
  test(`C13: a knob whose command came with a newer one is done with, ${end}`, () => {
    let now = reduce(following(), { type: "knob/turn", name: "k_top", from: 5, value: 2, command: "c1" });
    const data = { command_id: "c9", parameters: { k_top: 7 }, params_version: 9, [end]: ["c1", "c2"] };
    now = reduce(now, frame({ kind: "parameters", update: 21, data }));
    assert.deepEqual(now.knobs.pending, {});
    assert.equal(now.run?.parameters.k_top, 7, "what is in force is what the run says");
  });
}

test("C3: a knob whose command is superseded by the end of its run is done with, and others wait on", () => {
  let now = reduce(following(), { type: "knob/turn", name: "k_top", from: 5, value: 2, command: "c1" });
  now = reduce(now, { type: "knob/turn", name: "k_att", from: 1, value: 3, command: "c2" });
  now = reduce(now, frame({ kind: "superseded", update: 21, data: { commands: ["c1"], why: "it ended" } }));
  assert.deepEqual(Object.keys(now.knobs.pending), ["k_att"]);
  assert.equal(now.run?.parameters.k_top, 5);
});

test("a rejected knob brings the old value back and says why beside it", () => {
  let now = reduce(following(), { type: "knob/turn", name: "k_att", from: 1, value: 0, command: "c1" });
  now = reduce(
    now,
    frame({
      kind: "rejected",
      command_id: "c1",
      problem: { title: "no", status: 422, detail: "k_att = 0: 1 … 10000" },
    }),
  );
  assert.deepEqual(now.knobs.pending, {});
  assert.equal(now.knobs.problems.k_att, "k_att = 0: 1 … 10000");
  assert.equal(now.run?.parameters.k_att, 1);
  assert.equal(now.problem, null);
});

test("a rejected button is a problem of the page", () => {
  const now = reduce(
    following(),
    frame({ kind: "rejected", command_id: "c9", problem: { title: "no", status: 409, detail: "run r1 is finished" } }),
  );
  assert.equal(now.problem?.detail, "run r1 is finished");
});

test("a refused value leaves the one that was asked for before, and the way back from it", () => {
  const two = reduce(state(), { type: "knob/turn", name: "k_top", from: 5, value: 2, command: null });
  const moved = reduce(two, { type: "knob/move", name: "k_top", value: -1 });
  const { knobs } = reduce(moved, { type: "knob/refused", name: "k_top", detail: "no" });
  assert.deepEqual(
    [knobs.override, knobs.moving, knobs.problems, knobs.undo],
    [{ k_top: 2 }, {}, { k_top: "no" }, { name: "k_top", from: 5, to: 2 }],
  );
});

test("the next turn of a knob clears its message", () => {
  const refused = reduce(following(), { type: "knob/refused", name: "k_top", detail: "no" });
  assert.equal(
    reduce(refused, { type: "knob/turn", name: "k_top", from: 5, value: 3, command: "c2" }).knobs.problems.k_top,
    undefined,
  );
});

test("what was said of a value goes once it is edited or moved, and leaves all else", () => {
  const refused = reduce(following(), { type: "knob/refused", name: "k_top", detail: "no" });
  const other = reduce(refused, { type: "knob/refused", name: "k_att", detail: "nor this" });
  const edited = reduce(other, { type: "knob/edited", name: "k_top", problem: null });
  assert.deepEqual(edited.knobs, { ...other.knobs, problems: { k_att: "nor this" } });
  assert.deepEqual(reduce(edited, { type: "knob/edited", name: "k_top", problem: null }).knobs, edited.knobs);
  const moved = reduce(other, { type: "knob/move", name: "k_top", value: 3 }).knobs;
  assert.deepEqual([moved.problems, moved.moving], [{ k_att: "nor this" }, { k_top: 3 }]);
});
