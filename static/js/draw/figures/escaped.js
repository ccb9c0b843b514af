// Plotly reads a little HTML in its texts; what a person typed has none. Pure.

/** @param {string} text */
export const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
