import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { TABLE_SIZE, signedTable, tableScale, weightTable } from "../../../static/js/draw/colours.js";

const css = readFileSync(new URL("../../../static/css/tokens.css", import.meta.url), "utf-8");

/** Relative luminance (WCAG). @param {number[]} rgb */
function luminance(rgb) {
  const [r, g, b] = rgb
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @param {number[]} one @param {number[]} other */
function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** @param {string} hex */
const rgb = (hex) => [1, 3, 5].map((start) => parseInt(hex.slice(start, start + 2), 16));

/** @param {"light" | "dark"} theme */
function tokens(theme) {
  const [, light, dark] = css.split(":root");
  return Object.fromEntries(
    [...(theme === "light" ? light : dark).matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name, hex]) => [
      name,
      rgb(hex),
    ]),
  );
}

for (const dark of [false, true]) {
  test(`weights rise steadily in the ${dark ? "dark" : "light"} table`, () => {
    const table = weightTable(dark);
    const levels = Array.from({ length: TABLE_SIZE }, (_, index) =>
      luminance([...table.slice(index * 3, index * 3 + 3)]),
    );
    const steps = levels.slice(1).map((level, index) => (dark ? level - levels[index] : levels[index] - level));
    assert.ok(
      steps.every((step) => step > -0.002),
      "luminance never turns back",
    );
    assert.ok(Math.abs(levels[0] - levels[TABLE_SIZE - 1]) > 0.4);
  });

  test(`a heavy weight stands off the ${dark ? "dark" : "light"} panel`, () => {
    const table = weightTable(dark);
    const panel = tokens(dark ? "dark" : "light").panel;
    assert.ok(contrast([...table.slice(-3)], panel) >= 4.5);
    assert.ok(contrast([...table.slice(0, 3)], panel) >= 1.5, "even the smallest live cell differs from zero");
  });

  test(`the colour bar is the table (${dark ? "dark" : "light"})`, () => {
    const table = weightTable(dark);
    const scale = tableScale(table);
    assert.equal(scale[0][1], `rgb(${table[0]},${table[1]},${table[2]})`);
    assert.equal(scale[16][1], `rgb(${table[765]},${table[766]},${table[767]})`);
    assert.deepEqual(
      scale.map(([place]) => place),
      [...scale.map(([place]) => place)].sort((a, b) => a - b),
    );
  });
}

for (const theme of /** @type {const} */ (["light", "dark"])) {
  test(`text and marks keep their contrast (${theme})`, () => {
    const { panel, ground, text, muted, accent, warn, sab, truncated, full, source, baseline, more, less } =
      tokens(theme);
    for (const ink of [text, muted, accent, warn, baseline]) {
      assert.ok(contrast(ink, panel) >= 4.5, "text on a panel");
      assert.ok(contrast(ink, ground) >= 4.5, "text on the page");
    }
    for (const mark of [sab, truncated, full, source, more, less])
      assert.ok(contrast(mark, panel) >= 3, "marks of a method");
  });
}
