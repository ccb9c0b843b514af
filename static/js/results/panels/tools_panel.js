// What is shown: the metric, two settings, and the one value of each other setting; and the rows as files.

import { find, html, offer, whenChanged } from "../../draw/layers/dom.js";
import { say } from "../../table/rows/row_layer.js";

const ALL = "";

/**
 * @param {Results.Store} store @param {ReturnType<typeof import("../numbers/view.js").remembered>} viewOf
 * @returns {import("../../draw/painter.js").PanelOf<Results.State>}
 */
export function createTools(store, viewOf) {
  const form = /** @type {HTMLFormElement} */ (find("#results-tools"));
  const select = (/** @type {string} */ name) => /** @type {HTMLSelectElement} */ (find(`[name=${name}]`, form));
  const choose = (/** @type {Partial<Results.Choice>} */ choice) => store.dispatch({ type: "choose", choice });
  form.addEventListener("submit", (event) => event.preventDefault());
  select("metric").addEventListener("change", () => choose({ metric: select("metric").value, sort: null }));
  select("x").addEventListener("change", () => choose(turned(store, viewOf, "x", select("x").value)));
  select("y").addEventListener("change", () => choose(turned(store, viewOf, "y", select("y").value)));
  const held = find(".held", form);
  held.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLSelectElement) choose({ held: heldWith(store.get().choice.held, target) });
  });
  const changed = whenChanged();
  return {
    every: 250,
    paint({ results, choice }) {
      if (!results) return;
      const view = viewOf(results, choice);
      if (!changed(view)) return;
      offer(
        select("metric"),
        view.metrics.map(({ name }) => [name, name]),
      );
      select("metric").value = view.metric.name;
      say(find("#metric-about", form), view.metric.about);
      paintAxes(view, select, form);
      paintHeld(held, view);
    },
  };
}

/**
 * The axes after one was chosen: where it is the other one, the two change places.
 * @param {Results.Store} store @param {ReturnType<typeof import("../numbers/view.js").remembered>} viewOf
 * @param {"x" | "y"} which @param {string} path
 * @returns {Partial<Results.Choice>}
 */
function turned(store, viewOf, which, path) {
  const { results, choice } = store.get();
  if (!results) return {};
  const { x, y } = viewOf(results, choice);
  const now = { x: x?.path ?? null, y: y?.path ?? null };
  const other = which === "x" ? "y" : "x";
  return now[other] === path ? { x: now.y, y: now.x } : { ...now, [which]: path };
}

/** @param {Results.Choice["held"]} held @param {HTMLSelectElement} select @returns {Results.Choice["held"]} */
function heldWith(held, { name, value }) {
  const { [name]: _, ...rest } = held;
  return value === ALL ? rest : { ...rest, [name]: value };
}

/** @param {Results.View} view @param {(name: string) => HTMLSelectElement} select @param {HTMLElement} form */
function paintAxes({ settings, x, y }, select, form) {
  const options = settings.map(({ path, name }) => /** @type {[string, string]} */ ([path, name]));
  for (const [name, axis, least] of /** @type {const} */ ([
    ["x", x, 1],
    ["y", y, 2],
  ])) {
    find(`[data-pick=${name}]`, form).hidden = settings.length < least;
    offer(select(name), options);
    if (axis) select(name).value = axis.path;
  }
}

/** @param {HTMLElement} place @param {Results.View} view */
function paintHeld(place, { others, held }) {
  const paths = others.map(({ path }) => path).join();
  if (place.dataset.paths !== paths) {
    place.dataset.paths = paths;
    place.replaceChildren(
      ...others.map(({ path, name }) =>
        html("label", { class: "pick" }, html("span", {}, name), html("select", { name: path })),
      ),
    );
  }
  for (const { path, values } of others) {
    const select = /** @type {HTMLSelectElement} */ (find(`[name="${path}"]`, place));
    offer(select, [[ALL, "all"], ...values.map(({ text }) => /** @type {[string, string]} */ ([text, text]))]);
    select.value = held[path] ?? ALL;
  }
}
