import assert from "node:assert/strict";
import { test } from "node:test";

import { reduce } from "../../../../static/js/state/reducer.js";
import { NO_PROOF } from "../../../../static/js/state/reducers/proof.js";
import { proofView } from "../../../../static/js/panels/proof/selector.js";
import { following } from "../../support/traces.js";

const answer = {
  identities: [
    { name: "sab-full", statement: "no cut: sab = full", difference: 2e-9, tolerance: 1e-6, holds: true },
    { name: "causality", statement: "no future", difference: 0, tolerance: 0, holds: true },
  ],
  update: 1200,
  holds: true,
  run: null,
  preset: "copy",
  checkpoint: null,
};

test("the proof says how many identities hold and the largest difference, never rounded to zero", () => {
  const view = proofView({ ...NO_PROOF, status: "done", answer });
  assert.equal(view.badge, "2 of 2 hold");
  assert.equal(view.sentence, "Largest relative difference 2.000·10⁻⁹, update 1,200, in float64.");
  assert.deepEqual(
    view.rows.map((row) => [row.shown, row.limit]),
    [
      ["2.000·10⁻⁹", "1·10⁻⁶"],
      ["0 exactly", "none"],
    ],
  );
});

test("an answer to an earlier question, or about a network that was left, is dropped", () => {
  const asked = reduce(following(), { type: "proof/ask" });
  assert.equal(asked.proof.status, "running");
  assert.equal(reduce(asked, { type: "proof/answer", asked: 0, answer }), asked);
  const left = reduce(asked, { type: "open", target: { kind: "preset", id: "copy" } });
  assert.equal(reduce(left, { type: "proof/answer", asked: 1, answer }).proof.status, "idle");
  assert.equal(reduce(asked, { type: "proof/answer", asked: 1, answer }).proof.status, "done");
});
