// What phase 0 is said to be, recounted from how the network in view was trained and from the blocks in the picture.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as words from "../../../static/js/panels/cutting/words.js";
import { chances, many } from "../support/awkward.js";
import { sceptic } from "../support/sceptic.js";
import { run, state, trace } from "../support/traces.js";

const PHASES = ["fixed", "random"];
const CASES = many(600, (seed) => {
  const { one, some } = chances(seed);
  const kind = one(["run", "preset", "checkpoint"]);
  const spec = { task: { name: "copy" }, model: { k_trunc: one([0, 2, 5]) }, training: { phase: one(PHASES) } };
  const parameters = { k_trunc: one([0, 2, 5]) };
  const follow = some(0.5);
  return {
    seen: state({
      ...{ target: { kind, id: kind === "preset" ? "p" : "r1" }, follow, update: follow ? null : 7 },
      presets: [{ name: "p", title: "P", spec }],
      run: kind === "run" ? run({ spec, parameters, update: 9 }) : null,
      marks: some(0.5) ? [{ update: 3, parameters: { k_trunc: one([0, 2, 5]) } }] : [],
    }),
    shown: some(0.9) ? trace({ parameters: { ...trace().parameters, k_trunc: one([0, 2, 5]) } }) : null,
  };
});

/** How the network in view is cut in training: in blocks of how many steps, at a phase that is or is not fixed. */
function training(/** @type {any} */ { seen }) {
  if (seen.target.kind === "checkpoint") return { k_trunc: 0, phase: "nobody knows" };
  const { model, training } = (seen.run ?? seen.presets[0]).spec;
  if (!seen.run) return { ...model, ...training };
  if (seen.follow) return { ...seen.run.parameters, ...training };
  return { ...model, ...seen.marks.at(-1)?.parameters, ...training };
}

sceptic("PHASE", {
  ...{ place: words.PHASE, cases: CASES, facts: ({ seen, shown }) => words.phaseFacts(seen, shown) },
  known: [
    [
      /^0 cuts where training does$/,
      (one) =>
        training(one).phase === "fixed" &&
        training(one).k_trunc > 0 &&
        one.shown?.parameters.k_trunc === training(one).k_trunc,
    ],
    [
      /^0 is one of the phases that training draws from$/,
      (one) => training(one).phase === "random" && training(one).k_trunc > 0,
    ],
    [/^0 leaves the blocks where they are$/, () => true],
  ],
});

test("of each network that comes along, phase 0 is what its own training makes of it", () => {
  for (const name of ["copy", "release"]) {
    const file = new URL(`../../../static/presets/${name}.json`, import.meta.url);
    const preset = { title: name, ...JSON.parse(readFileSync(file, "utf-8")) };
    const { model, training: trained } = preset.spec;
    const seen = state({ target: { kind: "preset", id: name }, presets: [preset] });
    const said = words.phaseRemedy(seen, trace({ parameters: { ...trace().parameters, k_trunc: model.k_trunc } }));
    const wanted = trained.phase === "random" ? /that training draws from$/ : /where training does$/;
    assert.match(said, wanted, name);
  }
});
