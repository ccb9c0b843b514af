import assert from "node:assert/strict";
import { test } from "node:test";

import { statusText } from "../../../static/js/page/words/status.js";
import { following, run, state, trace } from "../support/traces.js";

test("the status line says what is going on, and how old the picture is", () => {
  const live = following({ liveAt: 1000, run: run({ update: 4200, updates_per_s: 151.6, skipped: 2 }) });
  assert.equal(
    statusText(live, trace(), "live", 1400),
    "running · update 4,200 · 152 updates/s · last frame 0.4 s ago · 2 updates skipped (gradient not finite)",
  );
  const lost = following({ link: { status: "lost", retryAt: 5000 }, run: run({ status: "paused" }) });
  assert.equal(statusText(lost, trace(), "stale", 1000), "paused · update 10 · link lost, reconnecting in 4 s");
  const waiting = state({ probe: { key: "k", since: 0, problem: null, failedKey: null } });
  assert.equal(statusText(waiting, trace(), "stale", 3000), "computing, 3 s");
});

test("a run that reached its goal says why it ended, and one that came to its last update says only that", () => {
  const reason = "accuracy ≥ 0.99 held on 2 looks in a row at 128 fresh examples, at update 2,500";
  const ended = (/** @type {string | null} */ why) =>
    statusText(following({ run: run({ status: "finished", update: 2500, reason: why }) }), trace(), "live", 0);
  assert.equal(ended(reason), `finished: ${reason} · update 2,500`);
  assert.equal(ended(null), "finished · update 2,500");
});

test("a run that is looked at as it was says so, and at its newest update does not", () => {
  const shown = (/** @type {Partial<State>} */ change) =>
    statusText(following({ run: run({ status: "finished", update: 2500 }), ...change }), trace(), "live", 0);
  assert.match(shown({ follow: false, update: 400 }), / · shown as it was at update 400$/);
  for (const change of [
    { follow: false, update: 2500 },
    { follow: true, update: null },
  ])
    assert.doesNotMatch(shown(change), /as it was/);
});
