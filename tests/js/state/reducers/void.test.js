// After a reset, or a resume from an older checkpoint, nothing on the page is of weights that are void.

import assert from "node:assert/strict";
import { test } from "node:test";

import { reduce } from "../../../../static/js/state/reducer.js";
import { attemptOf, probeKey, probeToAsk, wantedProbe } from "../../../../static/js/state/selectors.js";
import { beforeToAsk, wantedBefore } from "../../../../static/js/state/selectors/knockouts.js";
import { picture, story } from "../../../../static/js/state/shown.js";
import { following, run, trace } from "../../support/traces.js";

const frame = (/** @type {any} */ message) => ({
  type: /** @type {const} */ ("frame"),
  at: 0,
  message: { run: "r1", attempt: 1, update: 0, ...message },
});
const of = (/** @type {number} */ update) => trace({ run: "r1", preset: null, update });

/** A run at update 4,000 of which a step was asked with an arc out, that was proven and walked through. */
function asked() {
  const state = following({
    ...{ live: of(4000), run: run({ update: 4000 }), choice: { step: 3, memory: null, whole: false } },
    knockouts: { out: [[4, 0]], chosen: null, history: [], undone: [], before: null, failedKey: null },
  });
  return {
    ...state,
    probed: { key: probeKey(wantedProbe(state)), trace: of(4000) },
    knockouts: { ...state.knockouts, before: { key: probeKey(wantedBefore(state)), trace: of(4000) } },
    proof: { status: "done", asked: 3, answer: { update: 4000, holds: true, identities: [] }, problem: null },
    batchHits: { key: "k", found: { update: 4000 }, failedKey: null },
    walk: { trace: of(4000), taken: 1, playing: false },
    gap: "events 1 to 5 are missing: too old",
    ...{ snapshots: [500, 4000], networks: [500, 4000] },
  };
}

const REWOUND = frame({ kind: "rewound", attempt: 2, data: { attempt: 2, seed: 8 } });
const RESUMED = frame({ kind: "status", update: 500, data: { status: "queued", parameters: {} } });
/** The first picture of the weights that took their place. */
const pictured = (/** @type {any} */ state, /** @type {number} */ update) => ({
  ...state,
  live: of(update),
  run: { ...state.run, status: "running", update },
});

for (const [name, event, first] of /** @type {const} */ ([
  ["a reset", REWOUND, 0],
  ["a resume", RESUMED, 500],
])) {
  test(`after ${name} no answer of the weights before it is shown as one of the new weights`, () => {
    const now = reduce(/** @type {any} */ (asked()), /** @type {any} */ (event));
    assert.deepEqual([now.proof.answer, now.batchHits, now.walk, now.knockouts.before], [null, null, null, null]);
    assert.equal(now.proof.asked, 3, "an answer that is on its way is not taken for the new one");
    const then = pictured(now, first);
    assert.equal(story(then).state, "stale");
    assert.equal(picture(then).state, "stale", "the heatmap waits too");
    assert.equal(story(now).state, "stale", "before the first picture the one of before is dimmed");
    assert.ok(probeToAsk(then));
    assert.ok(beforeToAsk(then));
  });
}

test("an answer that was on its way at a reset is told from one of the new weights", () => {
  const before = /** @type {any} */ (asked());
  const now = reduce(before, /** @type {any} */ (REWOUND));
  assert.notEqual(attemptOf(before), attemptOf(now));
  assert.equal(attemptOf(now), attemptOf(pictured(now, 10)));
});

test("a proof that is under way at a reset is dropped", () => {
  const running = { ...asked(), proof: { status: "running", asked: 4, answer: null, problem: null } };
  const now = reduce(/** @type {any} */ (running), /** @type {any} */ (REWOUND));
  const answered = reduce(now, /** @type {any} */ ({ type: "proof/answer", asked: 4, answer: { update: 4000 } }));
  assert.deepEqual([answered.proof.status, answered.proof.answer], ["idle", null]);
});

test("events that are told anew when a stream is opened make nothing void", () => {
  const state = { ...asked(), toldTo: 20 };
  for (const event of [REWOUND, RESUMED]) {
    const again = { ...event, message: { ...event.message, seq: 3 } };
    const now = reduce(/** @type {any} */ (state), /** @type {any} */ (again));
    assert.deepEqual([now.proof, now.probed, now.walk], [state.proof, state.probed, state.walk]);
    if (event === RESUMED) assert.deepEqual([now.snapshots, now.networks], [state.snapshots, state.networks]);
    const news = { ...event, message: { ...event.message, seq: 21 } };
    assert.equal(reduce(/** @type {any} */ (state), /** @type {any} */ (news)).proof.answer, null);
  }
});

test("a resume forgets the pictures and weights of updates that are made again", () => {
  const now = reduce(/** @type {any} */ (asked()), /** @type {any} */ (RESUMED));
  assert.deepEqual([now.snapshots, now.networks], [[500], [500]]);
});

test("what events were missing of an attempt is not said of the next one", () => {
  assert.equal(reduce(/** @type {any} */ (asked()), /** @type {any} */ (REWOUND)).gap, null);
});

test("a resume keeps the answers about weights that still hold", () => {
  const state = { ...asked(), proof: { ...asked().proof, answer: { update: 500, holds: true, identities: [] } } };
  const now = reduce(/** @type {any} */ (state), /** @type {any} */ (RESUMED));
  assert.equal(now.proof.answer?.update, 500);
});
