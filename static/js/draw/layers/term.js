// A word of the glossary, to be explained where it stands; page/glossary/terms.js listens, the words are those of the
// glossary.

import { html } from "./dom.js";

/** @param {string} word as the glossary has it @param {string} text as it stands here */
export const term = (word, text = word) => html("button", { type: "button", class: "term", "data-term": word }, text);
