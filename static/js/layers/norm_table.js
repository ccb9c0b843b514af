// The numbers of the gradient panel as a table: the twin of the picture. Built only when a person opens it.

import { html } from "./dom.js";
import { normText } from "../selectors/gradients.js";

const DIGITS = 6;
const COLUMNS = [{ rule: "sab", name: "SAB" }, { rule: "truncated", name: "truncated" }, { rule: "full", name: "full" }];

/**
 * @param {import("../selectors/gradients.js").GradientView} view
 * @param {import("../figures/gradients.js").GradientScale} scale
 * @param {string} caption
 * @returns {HTMLTableElement}
 */
export function normTable({ norms, divisors }, scale, caption) {
  const rules = COLUMNS.filter(({ rule }) => norms[rule]);
  const steps = Array.from(norms[rules[0]?.rule ?? ""] ?? [], (_, step) => step);
  return html("table", {},
    html("caption", {}, caption),
    html("thead", {}, html("tr", {}, html("th", { scope: "col" }, "step"), ...rules.map(({ name }) => html("th", { scope: "col" }, name)))),
    html("tbody", {}, ...steps.map((step) => html("tr", {},
      html("th", { scope: "row" }, String(step)),
      ...rules.map(({ rule }) => html("td", { "data-rule": rule }, normText(norms[rule][step], scale, divisors[rule], DIGITS)))))));
}
