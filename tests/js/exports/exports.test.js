import { NO_LOOKS } from "../../../static/js/state/reducers/columns.js";
import assert from "node:assert/strict";
import { test } from "node:test";

import { metricsCaption, traceCaption } from "../../../static/js/exports/caption.js";
import { serverUrl } from "../../../static/js/exports/files.js";
import { listCaption, listTable } from "../../../static/js/exports/lists.js";
import { tableOf, toCsv, toJson } from "../../../static/js/exports/tables.js";
import { NO_METRICS } from "../../../static/js/state/reducers/columns.js";
import { run, state, trace } from "../support/traces.js";

const metrics = {
  update: [1, 2],
  loss: [0.5, NaN],
  gradient_norm: [1e-7, 1e21],
  learning_rate: [0.002, 0.002],
  skipped: [0, 1],
  values: { ce: [1, 2], accuracy: [0, 1] },
};

const NO_TRAINING = { metrics: NO_METRICS, looks: NO_LOOKS };

test("attention is reader, source, weight", () => {
  assert.equal(
    toCsv(tableOf("attention", trace(), NO_TRAINING), {}),
    "reader,source,weight\n1,-1,0.9\n1,0,0.1\n4,0,0.93\n4,-1,0.07\n",
  );
});

test("gradients have one row a step, and an empty cell for what is not finite or not asked", () => {
  const norms = { sab: [0, NaN, 1e-7, 0.4, 1.2], truncated: [0, 0, 0, 0.4, 1.2] };
  const csv = toCsv(tableOf("gradients", trace({ gradient_norm: norms }), NO_TRAINING), {});
  assert.deepEqual(csv.split("\n").slice(0, 4), ["step,sab,truncated,full", "0,0,0,", "1,,0,", "2,1e-7,0,"]);
});

test("paths have one row a hop, from the loss step back", () => {
  const csv = toCsv(tableOf("paths", trace(), NO_TRAINING), {});
  assert.equal(csv, "path,hop,kind,reader,source,credit,strength\n1,1,local,4,3,0.5,0.5\n2,1,skip,4,0,0.3,0.3\n");
});

test("curves name their metrics in order", () => {
  const csv = toCsv(tableOf("curves", null, { metrics, looks: NO_LOOKS }), {});
  assert.equal(
    csv,
    "update,loss,gradient_norm,learning_rate,skipped,accuracy,ce\n1,0.5,1e-7,0.002,0,0,1\n2,,1e+21,0.002,1,1,2\n",
  );
});

test("numbers are those of float32, shortest and without rounding", () => {
  const narrow = trace({ attention: { reader: [4], source: [0], weight: [Math.fround(0.1)], score: [] } });
  assert.match(toCsv(tableOf("attention", narrow, NO_TRAINING), {}), /4,0,0\.10000000149011612\n$/);
});

test("the caption stands above, one line a key, and cannot break out of its line", () => {
  const csv = toCsv(tableOf("attention", trace(), NO_TRAINING), {
    name: "a\nb",
    "loss step": 4,
    config: { k: [1, "ü"] },
  });
  assert.deepEqual(csv.split("\n").slice(0, 4), [
    "# name: a b",
    "# loss step: 4",
    '# config: {"k":[1,"ü"]}',
    "reader,source,weight",
  ]);
});

for (const start of ["=", "+", "-", "@", "\t", "\r"]) {
  test(`B16: a name that begins with ${JSON.stringify(start)} is no formula, and numbers are as they were`, () => {
    const named = run({ name: `${start}1+1`, metrics: { mse: -0.5 } });
    const [names, row] = toCsv(listTable("runs", state({ runs: [named] })), {}).split("\n");
    const cells = Object.fromEntries(names.split(",").map((name, place) => [name, row.split(",")[place]]));
    const safe = `'${start}1+1`;
    assert.deepEqual([cells.name, cells.mse], [start === "\r" ? `"${safe}"` : safe, "-0.5"]);
  });
}

test("a trace says where it comes from and how it was made", () => {
  const spec = { name: null, task: { name: "copy" }, model: { variant: "paper" }, training: { seed: 3 } };
  assert.deepEqual(Object.keys(traceCaption("paths", trace(), spec)), [
    "panel",
    "preset",
    "update",
    "example",
    "loss step",
    "seed",
    "variant",
    "config",
  ]);
  assert.equal(traceCaption("paths", trace({ loss_step: null }), spec)["loss step"], "whole loss");
  assert.equal(metricsCaption("r1", metrics, spec).update, 2);
});

test("JSON is strict and holds the same numbers", () => {
  const { columns } = JSON.parse(toJson(tableOf("curves", null, { metrics, looks: NO_LOOKS }), {}));
  assert.deepEqual(columns.loss, [0.5, null]);
  assert.deepEqual(columns.gradient_norm, [1e-7, 1e21]);
});

const copyPreset = {
  name: "copy",
  update: 6750,
  history: true,
  spec: { task: { name: "copy", T: 2, items: 2 }, model: {}, training: {} },
};
const ask = (/** @type {Record<string, any>} */ change, /** @type {Record<string, any>} */ shown = {}) =>
  new URL(
    serverUrl(
      state({ target: { kind: "preset", id: "copy" }, presets: [copyPreset], ...change }),
      "view",
      "html",
      trace(shown),
    ),
    "http://here",
  );

test("the server is asked for the view with its own sequence, its share and its link", () => {
  const { pathname, searchParams } = ask({ own: "CA", share: 0.5 }, { own: true, share: 0.5 });
  assert.equal(pathname, "/api/export");
  assert.deepEqual(JSON.parse(searchParams.get("inputs") ?? ""), [2, 0, 8, 9, 8, 8]);
  assert.equal(searchParams.get("share"), "0.5");
  assert.equal(searchParams.get("example"), null);
  assert.equal(searchParams.get("state"), "preset=copy&own=CA&share=0.5");
});

test("an earlier update of a preset is asked for by its number, the last one is probed", () => {
  const earlier = ask({ follow: false, update: 400 }).searchParams;
  assert.deepEqual(
    ["update", "example", "loss_step", "state"].map((name) => earlier.get(name)),
    ["400", "0", "4", "preset=copy&update=400"],
  );
  assert.equal(ask({ follow: false, update: 6750 }).searchParams.get("update"), null);
});

test("the self-proof and the runs are tables to take along, and a comma in a name stays in its cell", () => {
  const answer = {
    identities: [{ name: "oracle", statement: "states, gradients", difference: 1e-15, tolerance: 1e-6, holds: true }],
    update: 7,
    holds: true,
    run: null,
    preset: "copy",
    checkpoint: null,
  };
  const proven = state({
    target: { kind: "preset", id: "copy" },
    proof: { status: "done", asked: 1, answer, problem: null },
  });
  assert.equal(
    toCsv(listTable("proof", proven), listCaption("proof", proven)),
    "# panel: proof\n# preset: copy\n# update: 7\n" +
      'identity,statement,difference,tolerance,holds\noracle,"states, gradients",1e-15,0.000001,yes\n',
  );
  assert.throws(() => listTable("proof", state()), /press Prove it/);
  const verdict = { word: "learned", label: "learned at 9", sentence: "", advice: "", update: 9 };
  const listed = listTable(
    "runs",
    state({ runs: [run({ name: 'a "b", c', metrics: { accuracy: 0.5 }, verdict }), run({ id: "r2" })] }),
  );
  const [head, first, second] = toCsv(listed, listCaption("runs", state())).split("\n").slice(1);
  assert.equal(
    head,
    "run,name,status,update,updates,verdict,task,T,method,variant,k_top,k_trunc,k_att,learning_rate,clip_norm,seed," +
      "accuracy",
  );
  assert.equal(first, 'r1,"a ""b"", c",running,10,100,learned at 9,copy,,,,5,5,1,0.002,0.5,3,0.5');
  assert.match(second, /^r2,one,.*,3,$/);
  assert.throws(() => listTable("runs", state()), /press Train/);
});

test("health has one row a look, in the columns of the server", () => {
  const looks = {
    update: [0, 125],
    health: { dead: [NaN, 0.5], saturated: [0.25, 1] },
    fresh: { loss: [NaN, 0.1], accuracy: [NaN, 1] },
  };
  const lines = toCsv(tableOf("health", null, { metrics, looks }), {}).split("\n");
  assert.equal(
    lines[0],
    "update,saturated,dead,near_tied,largest_state,moved_recurrent,moved_scorer,moved_readout,norm_median,norm_p99," +
      "fresh_accuracy,fresh_loss",
  );
  assert.deepEqual(lines.slice(1, 3), ["0,0.25,,,,,,,,,,", "125,1,0.5,,,,,,,,1,0.1"]);
});
