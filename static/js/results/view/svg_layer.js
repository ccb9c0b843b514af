// Trees of nodes into the page. What is there already is changed, not replaced: the focus stays where it is.

import { svg } from "../../draw/layers/dom.js";

/** @typedef {import("../figures/nodes.js").Node} Node */

/** @param {Node} tree @returns {SVGElement} */
const made = ({ tag, at, in: children }) =>
  svg(tag, at, ...children.map((child) => (typeof child === "string" ? child : made(child))));

/** The tree that stands in each place: trees are compared more quickly than the page is asked.
 * @type {WeakMap<Element, Node>} */
const STANDS = new WeakMap();

/** @param {Element} element @param {Node} tree @param {Node} before what stands there */
function patch(element, tree, before) {
  for (const [name, value] of Object.entries(tree.at))
    if (before.at[name] !== value) element.setAttribute(name, String(value));
  for (const name of Object.keys(before.at)) if (!(name in tree.at)) element.removeAttribute(name);
  let old = element.firstChild;
  tree.in.forEach((child, place) => {
    const next = old?.nextSibling ?? null;
    fit(element, old, before.in[place], child);
    old = next;
  });
  while (element.childNodes.length > tree.in.length) element.lastChild?.remove();
}

/** @param {Element} parent @param {ChildNode | null} old @param {Node | string | undefined} was @param {Node | string}
 * wanted */
function fit(parent, old, was, wanted) {
  if (wanted === was) return;
  if (typeof wanted !== "string" && typeof was === "object" && was.tag === wanted.tag)
    patch(/** @type {Element} */ (old), wanted, was);
  else {
    const fresh = typeof wanted === "string" ? document.createTextNode(wanted) : made(wanted);
    if (old) old.replaceWith(fresh);
    else parent.append(fresh);
  }
}

/**
 * @param {SVGElement} place nobody else changes what is in it
 * @param {import("../figures/nodes.js").Figure} figure
 */
export function show(place, { node, width, height }) {
  place.setAttribute("width", String(width));
  place.setAttribute("height", String(height));
  place.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const before = STANDS.get(place);
  if (before && place.lastElementChild) patch(place.lastElementChild, node, before);
  else place.append(made(node));
  STANDS.set(place, node);
}
