import assert from "node:assert/strict";
import { test } from "node:test";

import { TypeFlags } from "typescript/unstable/sync";
import { SyntaxKind } from "typescript/unstable/ast";

import { PAGE, withProgram } from "./support/checker.js";

const NAMED = new Set([SyntaxKind.VariableDeclaration, SyntaxKind.Parameter, SyntaxKind.BindingElement]);
const SILENCED = /@ts-(ignore|expect-error|nocheck)/;

/**
 * Where the keyword stands as a type, in code and in comments; the word in a text is none.
 * @param {import("typescript/unstable/sync").Program} program
 */
function places(program) {
  const found = new Set();
  for (const name of sources(program)) {
    const file = program.getSourceFile(name);
    const visit = (node) => {
      if (node.kind === SyntaxKind.AnyKeyword)
        found.add(`static/js/${name.slice(PAGE.length)}:${lineOf(file.text, node.end)}`);
      for (const comment of node.jsDoc ?? []) visit(comment);
      node.forEachChild(visit);
    };
    visit(file);
  }
  return [...found];
}

const sources = (program) => program.getSourceFileNames().filter((name) => name.startsWith(PAGE));
const lineOf = (/** @type {string} */ text, /** @type {number} */ end) => text.slice(0, end).split("\n").length;

/** What the checker says about a file of that text. @param {string} text */
const complaints = (text) =>
  withProgram((program) => program.getSemanticDiagnostics(`${PAGE}state/nearest.js`).map((one) => one.text), {
    "state/nearest.js": text,
  });

test("the page has no value of type any", () => {
  assert.deepEqual(withProgram(places), []);
});

/** Names whose type is any although nobody wrote so, as of what JSON.parse gives; `_` is for what is not looked at. */
function untyped({ program, checker }) {
  const found = [];
  for (const name of sources(program).filter((each) => each.endsWith(".js"))) {
    const file = program.getSourceFile(name);
    const visit = (node) => {
      const bound = NAMED.has(node.kind) && node.name?.kind === SyntaxKind.Identifier && node.name.text !== "_";
      const type = bound && checker.getTypeAtLocation(node.name);
      if (type && type.flags & TypeFlags.Any)
        found.push(`static/js/${name.slice(PAGE.length)}:${lineOf(file.text, node.name.end)} ${node.name.text}`);
      node.forEachChild(visit);
    };
    visit(file);
  }
  return found;
}

test("no name has the type any without saying so", () => {
  assert.deepEqual(
    withProgram((_, project) => untyped(project)),
    [],
  );
  const text = 'export const nearest = JSON.parse("1");\nexport const [_] = [nearest];\n';
  assert.deepEqual(withProgram((_, project) => untyped(project), { "state/nearest.js": text }).slice(0, 1), [
    "static/js/state/nearest.js:1 nearest",
  ]);
});

test("no complaint of the checker is silenced", () => {
  const silenced = withProgram((program) =>
    sources(program).filter((name) => SILENCED.test(program.getSourceFile(name).text)),
  );
  assert.deepEqual(silenced, []);
});

test("every use of any would be found, and only uses", () => {
  const text = [
    "/** Has any of them? @param {any} value @returns {string} */",
    "export const nearest = (value) => `any ${value}`;",
    'const any = /** @type {Record<string, any>} */ ({ step: "any" });',
    '/** @typedef {import("./store.js").any} Gone */',
    "/** @template [T=any] @typedef {T[]} Many */",
    "any.step = /** @type {unknown} */ (1);",
  ].join("\n");
  assert.deepEqual(
    withProgram(places, { "state/nearest.js": text }),
    [1, 3, 5].map((line) => `static/js/state/nearest.js:${line}`),
  );
});

test("an action that no reducer knows, or that lacks a part, fails the check", () => {
  const dispatch = (/** @type {string} */ action) =>
    complaints(`/** @param {Store} store */\nexport const go = (store) => store.dispatch(${action});\n`);
  assert.deepEqual(dispatch('{ type: "view/step", step: 3 }'), []);
  for (const wrong of [
    '{ type: "view/stepp", step: 3 }',
    '{ type: "view/step" }',
    '{ type: "view/step", step: "3" }',
    '{ type: "walk/end", by: 1 }',
  ]) {
    assert.equal(dispatch(wrong).length, 1, wrong);
  }
});

test("a frame is only what the server sends", () => {
  const read = (/** @type {string} */ code) =>
    complaints(
      `/** @param {Wire.Frame} frame */\nexport function read(frame) {\n` +
        `  if (frame.kind !== "metrics") return null;\n  return ${code};\n}\n`,
    );
  assert.deepEqual(read("frame.data.loss[0].toFixed(2)"), []);
  for (const wrong of ["frame.data.status", "frame.runs", "frame.data.values.map(String)"])
    assert.equal(read(wrong).length, 1, wrong);
});
