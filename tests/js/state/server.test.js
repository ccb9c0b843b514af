// Who can be asked: a server, one that is away, or a recording.

import assert from "node:assert/strict";
import { test } from "node:test";
import { reduce } from "../../../static/js/state/reducer.js";
import { isAlone, isAway } from "../../../static/js/state/selectors/history.js";
import { knobView } from "../../../static/js/panels/knobs/selector.js";
import { statusText } from "../../../static/js/page/words/status.js";
import { following, state, trace } from "../support/traces.js";

/** @param {State} before @param {Partial<State["link"]>} link */
const told = (before, link) => reduce(before, { type: "link", ...before.link, ...link });

test("a link that is lost leaves a server that answers; one that answers nothing is away until the link opens", () => {
  const lost = told(following({ live: trace() }), { status: "lost", retryAt: 2_500 });
  assert.equal(isAway(lost), false);
  const away = told(lost, { away: true });
  assert.equal(isAway(away), true);
  assert.equal(isAway(told(away, { status: "connecting", retryAt: 0 })), true, "to dial is not to be answered");
  assert.equal(isAway(told(away, { status: "open" })), false);
  assert.equal(isAway(reduce(told(away, { status: "open" }), { type: "link", status: "lost" })), false);
});

test("C15: no knob can be turned while the server is away, and it says why", () => {
  const away = told(following({ live: trace() }), { status: "lost", away: true });
  for (const name of /** @type {const} */ (["k_top", "learning_rate"])) {
    const { disabled, note } = knobView(away, name);
    assert.ok(disabled, name);
    assert.ok(note.includes("the server does not answer"), note);
  }
  assert.ok(!knobView(following({ live: trace() }), "k_top").note.includes("does not answer"));
});

test("the line of status tells a lost link from a server that is away, of a run and of a preset", () => {
  for (const before of [following({ live: trace() }), state({ target: { kind: "preset", id: "copy" } })]) {
    const words = (/** @type {Partial<State["link"]>} */ link) =>
      statusText(told(before, link), trace(), "live", 1_000);
    assert.ok(words({ status: "lost", retryAt: 3_500 }).includes("link lost, reconnecting in 3 s"));
    assert.ok(words({ status: "lost", retryAt: 3_500, away: true }).includes("does not answer, asking again in 3 s"));
    assert.ok(!/link|answer/.test(words({ status: "open" })));
  }
});

test("a recording is alone from the beginning, and a page of a server only while that is away", () => {
  assert.equal(
    isAlone(state({ recorded: { about: /** @type {any} */ ({}), hash: "", left_out: [], pictures: 1 } })),
    true,
  );
  assert.equal(isAlone(state({})), false);
  assert.equal(isAlone(told(state({}), { status: "lost", away: true })), true);
});
