// Two makers of elements, HTML and SVG; text goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";
/**
 * @typedef {{[event in keyof GlobalEventHandlersEventMap as `on${event}`]?: (event: GlobalEventHandlersEventMap[event])
 *   => void}} Listeners
 */
/**
 * @typedef {Listeners & Record<string, string | number | boolean | null | undefined | ((event: never) => void)>}
 *   Attributes
 */
/** @typedef {(Node | string | null | undefined | false)} Child */

/**
 * @param {string} tag
 * @param {Attributes} attributes `on…` adds a listener; null, undefined and false are left out
 * @param {...Child} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...children) {
  return fill(/** @type {SVGElement} */ (document.createElementNS(SVG, tag)), attributes, children);
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} attributes
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function html(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/**
 * An attribute `style` is set by way of the object behind it: written as text it would be forbidden by the
 * Content-Security-Policy, as one that somebody smuggles in is.
 * @template {Element & ElementCSSInlineStyle} E
 * @param {E} element @param {Attributes} attributes @param {Child[]} children
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (name === "style" && value) element.style.cssText = String(value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(.../** @type {(Node | string)[]} */ (children.filter((child) => child || child === "")));
  return element;
}

/**
 * The element that the template promises.
 * @template {Element} [E=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} root
 * @returns {E}
 */
export function find(selector, root = document) {
  /** @type {E | null} */
  const element = root.querySelector(selector);
  if (!element) throw new Error(`the template has no ${selector}`);
  return element;
}

/**
 * Whether any of the values is new since the last call (by identity).
 * @returns {(...values: unknown[]) => boolean}
 */
export function whenChanged() {
  /** @type {unknown[] | null} */
  let before = null;
  return (...values) => {
    const same =
      before !== null &&
      before.length === values.length &&
      values.every((value, index) => Object.is(value, before?.[index]));
    before = values;
    return !same;
  };
}

/**
 * What a panel says about itself, for people and for tests.
 * @param {HTMLElement} panel
 * @param {{update?: number | null, state: PanelState, note?: string | null}} mark
 */
export function markPanel(panel, { update, state, note }) {
  panel.dataset.state = state;
  panel.dataset.update = update === null || update === undefined ? "" : String(update);
  const place = panel.querySelector(".panel-note");
  if (place && place.textContent !== (note ?? "")) Object.assign(place, { textContent: note ?? "", title: note ?? "" });
}

/**
 * The options of a select, made anew only when they are others: an open list stays open.
 * @param {HTMLSelectElement} select @param {readonly (readonly [value: string, text: string])[]} options
 */
export function offer(select, options) {
  const said = JSON.stringify(options);
  if (select.dataset.said === said) return;
  select.dataset.said = said;
  select.replaceChildren(...options.map(([value, text]) => html("option", { value }, text)));
}
