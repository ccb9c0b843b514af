import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { FORMATS, isFigure, madeHere, serverUrl, whyNot } from "../../../static/js/exports/files.js";
import { run, state, trace } from "../support/traces.js";

/** @typedef {import("../../../static/js/exports/files.js").FilePanel} FilePanel */

const PANELS = /** @type {FilePanel[]} */ (Object.keys(FORMATS));
const DIALOG = readFileSync(new URL("../../../templates/parts/export_dialog.html", import.meta.url), "utf8");

test("every panel and every format stands in the dialog, and nothing else", () => {
  const [panels, formats] = DIALOG.split('name="format"').map((part) =>
    [...part.matchAll(/<option value="([\w-]+)">/g)].map(([, value]) => value),
  );
  assert.deepEqual(panels.sort(), [...PANELS].sort());
  assert.deepEqual(formats.sort(), [...new Set(Object.values(FORMATS).flat())].sort());
});

test("figures are what the server draws of five panels; screen pictures and tables are made in the page", () => {
  const figures = PANELS.filter((panel) => isFigure(panel, "pdf"));
  assert.deepEqual(figures.sort(), ["attention", "curves", "gradients", "health", "paths"]);
  for (const format of ["screen-png", "screen-svg", "csv", "json"]) {
    assert.ok(madeHere(format), format);
    assert.ok(!isFigure("attention", format), format);
  }
  for (const format of ["png", "svg", "pdf", "pgf", "npz", "html"]) assert.ok(!madeHere(format), format);
});

test("a panel that has nothing yet says what to do, whatever the format", () => {
  const fresh = state({});
  for (const panel of PANELS)
    for (const format of FORMATS[panel]) assert.match(whyNot(fresh, panel, format), /: press|; wait for/, panel);
});

test("a panel that has something is not refused", () => {
  const shown = state({ target: { kind: "preset", id: "copy" }, stored: trace(), update: 400, follow: false });
  for (const panel of /** @type {FilePanel[]} */ (["attention", "gradients", "paths", "sequence", "view"]))
    for (const format of FORMATS[panel]) assert.equal(whyNot(shown, panel, format), "", `${panel} ${format}`);
  assert.equal(whyNot(state({ runs: [run()] }), "runs", "csv"), "");
});

test("the words of a figure stand in its address beside those of the view", () => {
  const shown = state({ target: { kind: "preset", id: "copy" } });
  const url = new URL(serverUrl(shown, "paths", "pgf", trace(), { width_in: "3.25" }), "http://here");
  assert.equal(url.pathname, "/api/export");
  for (const [name, value] of Object.entries({ panel: "paths", format: "pgf", preset: "copy", width_in: "3.25" }))
    assert.equal(url.searchParams.get(name), value);
  assert.equal(new URL(serverUrl(shown, "paths", "npz", trace()), "http://here").searchParams.get("width_in"), null);
});
