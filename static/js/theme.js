// Colours of the theme in force, read from css/tokens.css, so that drawings and page never differ.

const NAMES = /** @type {const} */ (["sab", "truncated", "full", "source", "text", "muted", "line", "panel", "accent", "warn", "hatch", "edge"]);

/** @returns {Theme} */
export function readTheme() {
  const style = getComputedStyle(document.documentElement);
  const colours = Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  const truncatedText = style.getPropertyValue("--truncated-text").trim();
  return /** @type {any} */ ({ ...colours, truncatedText, dark: style.getPropertyValue("color-scheme").trim() === "dark" });
}

/**
 * Puts a choice in force; "auto" follows the system.
 * @param {State["theme"]} choice
 */
export function applyTheme(choice) {
  const dark = choice === "dark" || (choice === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

/**
 * Calls back when the system's theme changes.
 * @param {() => void} listener
 */
export function onSystemTheme(listener) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", listener);
}
