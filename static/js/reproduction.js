// Puts the page of reproduced experiments together: the server wrote all of it, so only the theme is left to do.

import { createTheme } from "./page/theme.js";
import { createStore } from "./state/store.js";

/** @typedef {{theme: State["theme"]}} Themed */

const nothing = () => {};
const store = createStore(
  (/** @type {Themed} */ state, /** @type {{type: "view/theme", theme: State["theme"]}} */ { theme }) => ({
    ...state,
    theme,
  }),
  /** @type {Themed} */ ({ theme: "auto" }),
);
createTheme(store, nothing, nothing);
document.body.dataset.started = "";
