// Light, dark, or as the system says: the switch, a person's own choice, and the colours in force for the drawings,
// which are read from css/tokens.css, so that drawings and page never differ. The first paint is early_theme.js's.

import { find } from "../draw/layers/dom.js";
import { measureAnew } from "../draw/layers/size.js";

const NAMES = /** @type {const} */ ([
  "sab",
  "truncated",
  "full",
  "source",
  "text",
  "muted",
  "line",
  "panel",
  "accent",
  "warn",
  "hatch",
  "edge",
  "baseline",
  "more",
  "less",
]);
const THEMES = /** @type {State["theme"][]} */ (["auto", "light", "dark"]);
const systemIsDark = () => matchMedia("(prefers-color-scheme: dark)");

/**
 * @typedef {{theme: State["theme"]}} Themed the part of a state that has the choice
 * @typedef {{get(): Themed, dispatch(action: {type: "view/theme", theme: State["theme"]}): void,
 *   subscribe(listener: (state: Themed) => void): unknown}} ThemeStore
 */

/**
 * @param {ThemeStore} store
 * @param {() => void} repaint everything, in the new colours
 * @param {() => void} repaintNow the same, before it returns
 * @returns {() => Theme} the colours in force
 */
export function createTheme(store, repaint, repaintNow) {
  const choice = /** @type {HTMLSelectElement} */ (find("select[name=theme]"));
  let shown = THEMES.find((theme) => theme === remembered()) ?? "auto";
  store.dispatch({ type: "view/theme", theme: shown });
  choice.value = shown;
  apply(shown);
  let colours = readTheme();
  const renew = () => {
    shown = store.get().theme;
    choice.value = shown;
    apply(shown);
    colours = readTheme();
    repaint();
  };
  choice.addEventListener("change", () => {
    remember(choice.value);
    store.dispatch({ type: "view/theme", theme: THEMES.find((theme) => theme === choice.value) ?? "auto" });
  });
  // A link may bring a theme along; it is shown, but not kept as the choice of this person.
  store.subscribe((state) => {
    if (state.theme !== shown) renew();
  });
  systemIsDark().addEventListener("change", renew);
  // Paper is white and has a width of its own: drawings carry colours and sizes in themselves, so they are drawn anew.
  window.addEventListener("beforeprint", () => {
    apply("light");
    colours = readTheme();
    layOut("all");
    measureAnew();
    repaintNow();
    layOut("print");
  });
  window.addEventListener("afterprint", () => {
    measureAnew();
    renew();
  });
  return () => colours;
}

/**
 * The rules of css/print.css hold for paper, or, while drawings are made for it, for all.
 * @param {"print" | "all"} media
 */
function layOut(media) {
  for (const { cssRules } of document.styleSheets)
    for (const rule of cssRules)
      if (rule instanceof CSSMediaRule && rule.cssText.includes("--paper")) rule.media.mediaText = media;
}

/** @returns {Theme} */
function readTheme() {
  const style = getComputedStyle(document.documentElement);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  const colours = /** @type {Record<typeof NAMES[number], string>} */ (
    Object.fromEntries(NAMES.map((name) => [name, colour(name)]))
  );
  return {
    ...colours,
    truncatedText: colour("truncated-text"),
    dark: style.getPropertyValue("color-scheme").trim() === "dark",
  };
}

/** @param {State["theme"]} choice */
function apply(choice) {
  const dark = choice === "dark" || (choice === "auto" && systemIsDark().matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

function remembered() {
  try {
    return localStorage.getItem("theme");
  } catch {
    return null; // Storage is switched off: the system decides.
  }
}

/** @param {string} theme */
function remember(theme) {
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // It holds for this visit.
  }
}
