// Trees of nodes into the page. What is there already is changed, not replaced: the focus stays where it is.

import { svg } from "../../draw/layers/dom.js";

/** @typedef {import("../figures/nodes.js").Node} Node */

/** @param {Node} tree @returns {SVGElement} */
const made = ({ tag, at, in: children }) =>
  svg(tag, at, ...children.map((child) => (typeof child === "string" ? child : made(child))));

/** @param {Element} element @param {Node} tree */
function patch(element, tree) {
  for (const [name, value] of Object.entries(tree.at))
    if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
  if (element.attributes.length > Object.keys(tree.at).length)
    for (const { name } of [...element.attributes]) if (!(name in tree.at)) element.removeAttribute(name);
  const olds = element.childNodes;
  tree.in.forEach((child, place) => fit(element, olds[place], child));
  while (olds.length > tree.in.length) olds[olds.length - 1].remove();
}

/** @param {Element} parent @param {ChildNode | undefined} old @param {Node | string} wanted */
function fit(parent, old, wanted) {
  if (typeof wanted === "string") {
    if (old instanceof Text) {
      if (old.data !== wanted) old.data = wanted;
    } else if (old) old.replaceWith(wanted);
    else parent.append(wanted);
  } else if (old instanceof Element && old.tagName === wanted.tag) patch(old, wanted);
  else if (old) old.replaceWith(made(wanted));
  else parent.append(made(wanted));
}

/**
 * @param {SVGElement} place @param {import("../figures/nodes.js").Figure} figure
 */
export function show(place, { node, width, height }) {
  place.setAttribute("width", String(width));
  place.setAttribute("height", String(height));
  place.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const first = place.querySelector(":scope > g");
  if (first) patch(first, node);
  else place.append(made(node));
}
