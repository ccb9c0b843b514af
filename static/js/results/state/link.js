// The choice as a link: metric, axes, what is held, order. What is as usual is left out; what a link spells wrongly is
// left out too, never guessed. Pure.

import { USUAL } from "./initial.js";

const PATH = /^(task|model|training)\.[A-Za-z_]{1,40}$/;
const METRIC = /^[a-z][a-z0-9_]{0,30}$/;
const SORT = /^-?[A-Za-z][A-Za-z0-9_.]{0,60}$/;
const MOST_HELD = 20;
const LONGEST = 60;

/** @param {Results.Choice} choice @returns {string} without the leading # */
export function toHash({ metric, x, y, held, sort }) {
  const out = new URLSearchParams();
  if (metric !== null) out.set("metric", metric);
  if (x !== null) out.set("x", x);
  if (y !== null) out.set("y", y);
  for (const [path, value] of Object.entries(held)) out.append("only", `${path}:${value}`);
  if (sort !== null) out.set("sort", sort);
  return out.toString();
}

/** @param {string} hash with or without # @returns {Results.Choice} */
export function fromHash(hash) {
  const params = new URLSearchParams(hash.replace(/^#/, ""));
  const said = (/** @type {string} */ name, /** @type {RegExp} */ form) => {
    const text = params.get(name) ?? "";
    return form.test(text) ? text : null;
  };
  const held = params.getAll("only").slice(0, MOST_HELD).flatMap(pair);
  return {
    ...USUAL,
    metric: said("metric", METRIC),
    x: said("x", PATH),
    y: said("y", PATH),
    held: Object.fromEntries(held),
    sort: said("sort", SORT),
  };
}

/** @param {string} text `model.k_att:2` @returns {[string, string][]} */
function pair(text) {
  const colon = text.indexOf(":");
  const [path, value] = [text.slice(0, colon), text.slice(colon + 1)];
  return colon > 0 && PATH.test(path) && value && value.length <= LONGEST ? [[path, value]] : [];
}
