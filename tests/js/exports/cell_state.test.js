// With “cell state c” checked, whatever leaves the page holds what its picture shows, and says so.

import assert from "node:assert/strict";
import { test } from "node:test";

import { captionLine, traceCaption } from "../../../static/js/exports/caption.js";
import { serverUrl } from "../../../static/js/exports/files.js";
import { tableOf } from "../../../static/js/exports/tables.js";
import { gradientView } from "../../../static/js/panels/gradients/selector.js";
import { madeUp, many } from "../support/awkward.js";
import { state } from "../support/traces.js";

const TRACES = many(300, madeUp);

test("the table of gradients has the numbers of the picture, under names that say of what", () => {
  let told = 0;
  for (const trace of TRACES)
    for (const cell of [false, true]) {
      const { norms } = gradientView(trace, { cell, each: false });
      const [, ...columns] = tableOf("gradients", trace, state({ cell })).columns;
      for (const [name, cells] of columns) {
        assert.equal(name.endsWith("_cell"), cell);
        const drawn = norms[name.replace("_cell", "")];
        const finite = Array.from(drawn ?? [], (norm) => (Number.isNaN(norm) ? null : norm));
        assert.deepEqual(cells, drawn ? finite : cells.map(() => null));
        told += drawn ? 1 : 0;
      }
    }
  assert.ok(told > 500, `${told} columns`);
});

test("caption and line say it of gradients alone", () => {
  for (const [panel, cell, said] of /** @type {const} */ ([
    ["gradients", true, true],
    ["gradients", false, false],
    ["attention", true, false],
    ["paths", true, false],
  ])) {
    const caption = traceCaption(panel, TRACES[0], null, cell);
    assert.equal(caption["gradient of"], said ? "cell state c" : undefined);
    assert.equal(captionLine(state(), caption).includes("gradient of cell state c"), said);
  }
});

test("the server is asked for the same, where it has a picture of gradients", () => {
  const shown = state({ target: { kind: "preset", id: "copy" }, cell: true });
  const asked = (/** @type {any} */ panel, /** @type {State} */ of) =>
    new URL(serverUrl(of, panel, "pdf", TRACES[0]), "http://here").searchParams.get("cell");
  assert.deepEqual(
    ["gradients", "view", "paths", "attention"].map((panel) => asked(panel, shown)),
    ["true", "true", null, null],
  );
  assert.equal(asked("gradients", state({ ...shown, cell: false })), null);
});
