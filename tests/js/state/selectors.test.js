import assert from "node:assert/strict";
import { test } from "node:test";

import { chosenStep, probeKey, probeToAsk, wantedProbe, wantedSnapshot } from "../../../static/js/state/selectors.js";
import { picture, story } from "../../../static/js/state/shown.js";
import { knobView } from "../../../static/js/panels/knobs/selector.js";
import { following, run, state, trace } from "../support/traces.js";

const preset = (/** @type {any} */ change = {}) => state({ target: { kind: "preset", id: "copy" }, ...change });
const answered = (/** @type {any} */ before, /** @type {any} */ change = {}) => {
  const first = { ...before, probed: { key: "", trace: trace(change) } };
  return { ...before, probed: { key: probeKey(wantedProbe(first)), trace: trace(change) } };
};

test("with no step chosen the server takes the task's own, before and after the first trace", () => {
  const before = preset({});
  assert.deepEqual(wantedProbe(before), { preset: "copy", example: 0, share: 0.95 });
  const told = { ...before, probed: { key: "", trace: trace({ task: { name: "copy", default_loss_step: 41 } }) } };
  assert.deepEqual(wantedProbe(told), wantedProbe(before));
});

test("the whole loss is asked for with null, a chosen step with its number", () => {
  assert.equal(wantedProbe(preset({ choice: { step: 7, memory: null, whole: true } }))?.loss_step, null);
  assert.equal(wantedProbe(preset({ choice: { step: 7, memory: null, whole: false } }))?.loss_step, 7);
});

test("on a preset knobs travel with the probe, on a live run they do not", () => {
  const knobs = { pending: {}, override: { k_top: 0 }, problems: {}, moving: {}, undo: null };
  assert.equal(wantedProbe(preset({ knobs }))?.k_top, 0);
  const live = following({ knobs, live: trace(), choice: { step: 2, memory: null, whole: false } });
  assert.equal(wantedProbe(live)?.k_top, undefined);
});

test("a live run needs no probe while its snapshots show what is asked for", () => {
  assert.equal(wantedProbe(following({ live: trace() })), null);
  assert.equal(wantedProbe(following({ live: trace(), choice: { step: 4, memory: null, whole: false } })), null);
  assert.deepEqual(wantedProbe(following({ live: trace(), choice: { step: 2, memory: null, whole: false } })), {
    run: "r1",
    example: 0,
    share: 0.95,
    loss_step: 2,
  });
});

test("a live run is probed again when its snapshot moved on, a paused one is not", () => {
  const before = following({ live: trace({ update: 400 }), choice: { step: 2, memory: null, whole: false } });
  const same = answered(before, { update: 400 });
  assert.equal(probeToAsk(same), null);
  assert.ok(probeToAsk({ ...same, live: trace({ update: 410 }) }));
});

test("a probe that failed is not asked again by itself", () => {
  const before = preset();
  const failed = {
    ...before,
    probe: {
      key: null,
      since: 0,
      problem: { title: "", status: 422, detail: "no" },
      failedKey: probeKey(wantedProbe(before)),
    },
  };
  assert.equal(probeToAsk(failed), null);
  assert.equal(story(failed).state, "error");
});

test("the last picture is stale, not gone, while a probe is under way", () => {
  const before = answered(preset());
  assert.equal(story(before).state, "live");
  const moved = { ...before, choice: { step: 2, memory: null, whole: false } };
  assert.equal(story(moved).state, "stale");
  assert.equal(story(moved).trace, before.probed?.trace);
  assert.equal(picture(moved).state, "live", "the forward pass is the same, so the heatmap is not stale");
  const turned = { ...before, knobs: { pending: {}, override: { k_top: 1 }, problems: {}, moving: {}, undo: null } };
  assert.equal(picture(turned).state, "stale", "k_top changes the forward pass");
});

test("the heatmap of a live run stays live while another loss step is probed", () => {
  const before = following({ live: trace(), choice: { step: 2, memory: null, whole: false } });
  assert.equal(picture(before).trace, before.live);
  assert.equal(picture(before).state, "live");
});

test("a lost link makes a live picture stale", () => {
  assert.equal(story(following({ live: trace(), link: { status: "lost", retryAt: 0, away: false } })).state, "stale");
});

test("a run without a snapshot is empty, and says so", () => {
  assert.equal(story(following()).state, "empty");
});

test("only the scrubber asks for a stored snapshot, and only once", () => {
  assert.equal(wantedSnapshot(following()), null);
  const still = following({ follow: false, update: 50, snapshots: [0, 50] });
  assert.equal(wantedSnapshot({ ...still, snapshots: [0] }), null, "what the server does not hold is not asked for");
  assert.deepEqual(wantedSnapshot(still), { target: { kind: "run", id: "r1" }, update: 50 });
  assert.equal(wantedSnapshot({ ...still, stored: trace({ update: 50 }) }), null);
});

test("the chosen step is the trace's own until a person chooses, and never beyond the sequence", () => {
  assert.equal(chosenStep(state(), trace()), 4);
  assert.equal(chosenStep(state({ choice: { step: 99, memory: null, whole: false } }), trace()), 4);
  assert.equal(chosenStep(state(), null), null);
});

test("a pending knob shows the value asked for and the one in force", () => {
  const view = knobView(
    following({
      knobs: { pending: { k_top: { value: 2, command: "c" } }, override: {}, problems: {}, moving: {}, undo: null },
    }),
    "k_top",
  );
  assert.deepEqual([view.value, view.inForce, view.pending, view.note], [2, 5, true, "pending; in force: 5"]);
});

test("on stored weights a forward knob says that the prediction changes too", () => {
  const knobs = { pending: {}, override: { k_top: 1, k_trunc: 9 }, problems: {}, moving: {}, undo: null };
  const before = answered(preset({ knobs }));
  assert.match(knobView(before, "k_top").note, /same weights; changes the prediction too/);
  assert.match(knobView(before, "k_trunc").note, /only the backward pass/);
});

test("a forward knob says that it changes the prediction only where it does", () => {
  const noteOf = (/** @type {any} */ parameters, /** @type {any} */ override, /** @type {number[]} */ memories) => {
    const knobs = { pending: {}, override, problems: {}, moving: {}, undo: null };
    const change = { parameters: { ...trace().parameters, ...parameters, ...override }, memories };
    const spec = { model: { k_top: 5, k_att: 1 }, training: {} };
    const seen = answered(preset({ knobs, presets: [{ name: "copy", spec }] }), change);
    return ["k_top", "k_att"].map((name) => knobView(seen, /** @type {KnobName} */ (name)).note);
  };
  const none = "no written memory is read";
  assert.match(noteOf({}, { k_top: 0 }, [-1, 0])[0], new RegExp(`^same weights; k_top = 0: ${none}; trained with`));
  assert.match(noteOf({}, { k_att: 9 }, [-1])[1], new RegExp(`^same weights; k_att = 9 in 5 steps: ${none}; trained`));
  assert.match(noteOf({}, { k_att: 9, k_top: 7 }, [-1])[0], /^same weights; k_att = 9 in 5 steps/);
  assert.match(noteOf({ k_top: 0 }, { k_att: 2 }, [-1, 1])[1], /^same weights; k_top = 0/);
  assert.match(
    noteOf({ method: "tbptt", k_top: 0 }, { k_att: 2 }, [-1, 1])[1],
    /^same weights; method tbptt reads no memory;/,
  );
});

test("the learning rate can be turned only while a run trains, in a plain word", () => {
  assert.deepEqual(
    [knobView(preset(), "learning_rate").disabled, knobView(preset(), "learning_rate").note],
    [true, "acts while a run trains"],
  );
  assert.equal(knobView(following(), "learning_rate").disabled, false);
  assert.equal(knobView(following({ run: run({ status: "finished" }) }), "learning_rate").disabled, true);
});

test("a knob that the method fixes cannot be turned, and says why", () => {
  const of = (/** @type {string} */ method) => following({ live: trace({ parameters: { k_top: 0, method } }) });
  const notes = (/** @type {string} */ method) =>
    ["k_top", "k_trunc"].map((name) => {
      const { disabled, note } = knobView(of(method), /** @type {KnobName} */ (name));
      return disabled ? note : "free";
    });
  assert.deepEqual(notes("tbptt"), ["method tbptt reads no memory", "free"]);
  assert.deepEqual(notes("bptt"), ["method bptt reads no memory", "method bptt has no cuts"]);
  assert.deepEqual(notes("attention"), ["method attention reads every memory", "method attention has no cuts"]);
  assert.deepEqual(notes("sab"), ["free", "free"]);
});

test("a learning rate that loses trained networks is called that while it trains, and no other is", () => {
  const note = (/** @type {number} */ value, /** @type {object} */ more = {}) =>
    knobView(following({ run: run({ parameters: { learning_rate: value }, ...more }) }), "learning_rate").note;
  assert.match(note(50), /loses a trained network .* weights of before are stored/);
  assert.match(note(0.05), /loses a trained network/);
  assert.equal(note(0.02), "");
  assert.equal(note(50, { status: "finished" }), "acts while a run trains");
});
