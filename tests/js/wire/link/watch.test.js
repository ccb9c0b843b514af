// A link that is silent is asked, and given up when nothing answers: within ten seconds, also after a sleep.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createReceipts } from "../../../../static/js/wire/link/receipts.js";
import { watchLink } from "../../../../static/js/wire/link/watch.js";

/**
 * A link whose other end answers or does not, on a clock that is turned by hand.
 * @param {import("node:test").TestContext} t
 */
function linked(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let now = 0;
  t.mock.method(performance, "now", () => now);
  const told = { pings: /** @type {number[]} */ ([]), hungUp: /** @type {number[]} */ ([]), heardAt: 0, answers: true };
  const watch = watchLink({
    heardAt: () => told.heardAt,
    ping() {
      told.pings.push(now);
      if (told.answers) told.heardAt = now + 1;
    },
    hangUp() {
      told.hungUp.push(now);
      watch.stop();
    },
  });
  /** @param {number} ms @param {number} [step] of the clock at each look */
  const pass = (ms, step = 500) => {
    for (let left = ms; left > 0; left -= step) {
      now += step;
      t.mock.timers.tick(500);
    }
  };
  return { told, watch, pass, at: () => now };
}

test("a link on which something comes is never asked", (t) => {
  const { told, watch, pass, at } = linked(t);
  watch.start();
  for (let second = 0; second < 60; second += 1) {
    told.heardAt = at();
    pass(1000);
  }
  assert.deepEqual(told.pings, []);
});

test("a silent link that answers holds", (t) => {
  const { told, watch, pass } = linked(t);
  watch.start();
  pass(60_000);
  assert.ok(told.pings.length > 5);
  assert.deepEqual(told.hungUp, []);
});

test("C14: a link that does not answer is given up within ten seconds", (t) => {
  const { told, watch, pass } = linked(t);
  told.answers = false;
  watch.start();
  pass(20_000);
  assert.equal(told.hungUp.length, 1);
  assert.ok(told.hungUp[0] <= 10_000, String(told.hungUp));
  assert.equal(told.pings.length, 1, "one question at a time");
});

test("C14: after a sleep the other end is asked before it is given up", (t) => {
  const { told, watch, pass } = linked(t);
  watch.start();
  pass(1000);
  pass(3_600_000, 3_600_000);
  assert.deepEqual([told.pings.length, told.hungUp.length], [1, 0]);
  told.answers = false;
  pass(10_000);
  assert.equal(told.hungUp.length, 1);
});

test("whoever asks for a look does not wait for silence", (t) => {
  const { told, watch } = linked(t);
  watch.start();
  watch.ask();
  assert.equal(told.pings.length, 1);
});

test("C15: a command is heard of when it is taken or refused, and not after a second and a half", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const receipts = createReceipts();
  const said = ["a", "b", "c", "d"].map((id) => receipts.of(id));
  receipts.note(/** @type {any} */ ({ kind: "accepted", command_id: "a" }));
  receipts.note(/** @type {any} */ ({ kind: "rejected", command_id: "b" }));
  receipts.note(/** @type {any} */ ({ kind: "status", command_id: "c" }));
  t.mock.timers.tick(1_499);
  const early = await Promise.race([said[2], Promise.resolve("open")]);
  assert.equal(early, "open");
  t.mock.timers.tick(1);
  assert.deepEqual(await Promise.all(said), [true, true, false, false]);
});

test("a link that goes takes its open questions with it", async () => {
  const receipts = createReceipts();
  const said = receipts.of("a");
  receipts.giveUp();
  assert.equal(await said, false);
});
