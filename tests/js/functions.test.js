import assert from "node:assert/strict";
import { test } from "node:test";

import { SyntaxKind } from "typescript/unstable/ast";

import { PAGE, withProgram } from "./support/checker.js";

const MOST_LINES = 40;
const MOST_PARAMETERS = 8;
const FUNCTIONS = new Set([
  SyntaxKind.FunctionDeclaration,
  SyntaxKind.FunctionExpression,
  SyntaxKind.ArrowFunction,
  SyntaxKind.MethodDeclaration,
  SyntaxKind.GetAccessor,
  SyntaxKind.SetAccessor,
  SyntaxKind.Constructor,
]);

/** Functions with a long body or many parameters; what stands inside counts for the outer one too. */
function offenders(/** @type {import("typescript/unstable/sync").Program} */ program) {
  /** @type {string[]} */
  const found = [];
  for (const name of program.getSourceFileNames().filter((each) => each.startsWith(PAGE) && each.endsWith(".js"))) {
    const file = program.getSourceFile(name);
    const lineAt = (/** @type {number} */ at) => file.text.slice(0, at).split("\n").length;
    const place = (node) => `${name.slice(PAGE.length)}:${lineAt(startOf(file.text, node.pos))}`;
    const visit = (node) => {
      if (FUNCTIONS.has(node.kind) && node.body) {
        const parts = node.body.kind === SyntaxKind.Block ? [...node.body.statements] : [node.body];
        const [first, last] = [parts[0], parts[parts.length - 1]];
        const lines = first ? lineAt(last.end) - lineAt(startOf(file.text, first.pos)) + 1 : 0;
        const parameters = node.parameters.length;
        if (lines > MOST_LINES || parameters > MOST_PARAMETERS)
          found.push(`${place(node)} ${lines} lines, ${parameters} parameters`);
      }
      node.forEachChild(visit);
    };
    visit(file);
  }
  return found;
}

/** Where a node begins once white space and comments are passed over. @param {string} text @param {number} at */
function startOf(text, at) {
  const rest = /^(\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/.exec(text.slice(at));
  return at + (rest?.[0].length ?? 0);
}

test("no function of the page is longer than a screen or takes more than eight parameters", () => {
  assert.deepEqual(withProgram(offenders), []);
});

test("a function that is too long, or takes too much, is found", () => {
  const long = `export function nearest() {\n${"  Math.random();\n".repeat(MOST_LINES + 1)}}\n`;
  const wide = `export const nearest = (${"abcdefghi".split("").join(", ")}) => a;\n`;
  for (const text of [long, wide]) {
    const found = withProgram(offenders, { "state/nearest.js": text });
    assert.equal(found.filter((one) => one.startsWith("state/nearest.js:1 ")).length, 1);
  }
});
