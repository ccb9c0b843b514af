// The panels as their templates tell of them: a title, what one sees in it in two sentences, and what can be taken out.

/**
 * @typedef {object} PagePart a panel of the page
 * @property {HTMLElement} root
 * @property {string} testid
 * @property {string} name as its title says
 * @property {string} about two sentences: what does one see?
 * @property {PagePanel | null} panel of a figure with a twin and files
 * @property {ListPanel | null} list of a table to take along
 */

/** From the top of the page to its end. @returns {PagePart[]} */
export const pageParts = () =>
  [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-about]"))].map((root) => ({
    root,
    testid: root.dataset.testid ?? "",
    name: oneLine(root.querySelector("h2")?.textContent),
    about: oneLine(root.dataset.about),
    panel: /** @type {PagePanel | undefined} */ (root.dataset.picture) ?? null,
    list: /** @type {ListPanel | undefined} */ (root.dataset.list) ?? null,
  }));

const oneLine = (/** @type {string | null | undefined} */ words) => (words ?? "").replace(/\s+/g, " ").trim();
