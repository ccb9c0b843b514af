// The numbers of an arc stay inside the picture, whatever they are.

import assert from "node:assert/strict";
import { test } from "node:test";

import { numbers } from "../../../static/js/panels/paths/marks_layer.js";

const arc = (/** @type {object} */ more) =>
  /** @type {any} */ ({
    kind: "skip",
    reader: 832,
    source: 1028,
    weight: 0.00123,
    credit: 4.56e-7,
    chosen: true,
    ...more,
  });

test("where there is room an arc is told in a sentence, and in a narrow panel by its two steps", () => {
  const threshold = arc({ reader: 32, source: 28, chosen: false, credit: 4.56 });
  assert.equal(numbers(threshold, 900).text, "step 32 compares itself with step 28: threshold memory, credit 4.6");
  assert.equal(numbers(threshold, 306).text, "32 → 28: threshold memory, credit 4.6");
  assert.equal(numbers(arc({ kind: "local", source: 831 }), 306).text, "step 832 to 831: credit 4.56·10⁻⁷");
});

test("no arc is told in more than a narrow panel holds", () => {
  for (const chosen of [true, false])
    for (const kind of ["skip", "local"])
      for (const credit of [0, 1e-38, 123456, 1.7e300]) {
        const { half } = numbers(arc({ kind, chosen, credit }), 306);
        assert.ok(2 * half <= 306, `${kind} ${credit}`);
      }
});
