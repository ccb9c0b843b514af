import assert from "node:assert/strict";
import { test } from "node:test";

import { captionLine, traceCaption } from "../../../static/js/exports/caption.js";
import { serverUrl } from "../../../static/js/exports/files.js";
import { tableOf } from "../../../static/js/exports/tables.js";
import { NO_METRICS } from "../../../static/js/state/reducers/columns.js";
import { differenceTrace } from "../../../static/js/state/selectors/comparison.js";
import { sentence } from "../../../static/js/page/words/sentences.js";
import { other, pinned, trace } from "../support/traces.js";

test("the sentence, the table and the caption of a difference say both sides of it", () => {
  const merged = differenceTrace(trace(), other, "two");
  assert.equal(
    sentence("attention", { trace: merged, step: 4, metrics: NO_METRICS }),
    "Weights of this network minus those of two. The largest difference at step 4 is for step 2: 0 exactly here, " +
      "0.75 there.",
  );
  const { columns } = tableOf("attention", merged, NO_METRICS);
  assert.deepEqual(
    columns.map(([name]) => name),
    ["reader", "source", "weight", "baseline", "difference"],
  );
  assert.deepEqual(
    columns.map(([, cells]) => cells[4]),
    [4, 2, 0, 0.75, -0.75],
  );
  assert.equal(traceCaption("attention", merged, null).baseline, "two");
});

test("what the server cannot draw is exported as one sees it, and the page says so", () => {
  const merged = differenceTrace(trace(), other, "two");
  assert.throws(() => serverUrl(pinned(), "attention", "pdf", merged), /as you see it/);
});

test("the line below a picture says that a training departed from the exact gradient, and only then", () => {
  const line = (/** @type {number} */ sum_floor) =>
    captionLine(
      /** @type {State} */ ({ target: null }),
      /** @type {import("../../../static/js/exports/caption.js").Caption} */ ({
        panel: "paths",
        update: 7,
        config: { training: { sum_floor } },
      }),
    );
  assert.equal(line(0.1), "update 7 · trained with Σr ≥ 0.1 in the backward pass");
  assert.equal(line(0), "update 7");
});

test("the line below a picture says whether a text was read with the state carried over, where that is known", () => {
  const line = (/** @type {object} */ task) =>
    captionLine(
      /** @type {State} */ ({ target: null }),
      /** @type {any} */ ({ panel: "paths", update: 7, config: { task: { T: 30, items: null, ...task } } }),
    );
  assert.equal(
    line({ name: "char", carry: true }),
    "text of Hamlet, T = 30 · trained with state carried from one window to the next · update 7",
  );
  assert.equal(
    line({ name: "char", carry: false }),
    "text of Hamlet, T = 30 · each window begins with nothing · update 7",
  );
  assert.equal(line({ name: "char" }), "text of Hamlet, T = 30 · update 7", "a trace alone does not tell");
  assert.equal(line({ name: "pixels", carry: false }), "digits 8×8, in order · update 7");
});

test("the line below a picture says that a network was trained on mixed delays, and only then", () => {
  const line = (/** @type {number | null} */ shortest) =>
    captionLine(
      /** @type {State} */ ({ target: null }),
      /** @type {import("../../../static/js/exports/caption.js").Caption} */ ({
        panel: "paths",
        update: 7,
        config: { task: { name: "copy", T: 30, items: null, T_min: shortest } },
      }),
    );
  assert.equal(line(1), "copy T=30 · delays 1–30 mixed · update 7");
  assert.equal(line(30), "copy T=30 · update 7");
  assert.equal(line(null), "copy T=30 · update 7");
});
