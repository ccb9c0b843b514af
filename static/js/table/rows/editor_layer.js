// The editor of a row: name, tags and note of a run, below its row. What was typed stays until it is saved or left.

import { find, html } from "../../draw/layers/dom.js";

/**
 * @typedef {{save: (patch: Partial<Wire.RunPatch>) => Promise<Problem | null>, leave: () => void}} Ends what becomes of
 *   what was typed
 */

/** @param {RunView} run @param {string} called its name in the table @param {number} columns @param {Ends} ends */
export function createEditor(run, called, columns, { save, leave }) {
  const note = html("p", { class: "form-note", role: "alert" });
  const form = html(
    "form",
    { "aria-label": `Edit ${called}` },
    field("Name", html("input", { name: "name", maxlength: 200, value: run.name, autocomplete: "off" })),
    field("Tags, between commas", html("input", { name: "tags", value: run.tags.join(", "), autocomplete: "off" })),
    field("Note", filled(html("textarea", { name: "note", rows: 2 }), run.note), "wide"),
    html(
      "div",
      { class: "row" },
      html("button", { type: "submit", class: "primary" }, "Save"),
      html("button", { type: "button", onclick: leave }, "Cancel"),
      note,
    ),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const patch = patchOf(form, run);
    if (Object.keys(patch).length === 0) return leave();
    note.textContent = "saving …";
    const problem = await save(patch);
    note.textContent = problem ? problem.detail : "";
    return undefined;
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  const row = html("tr", { class: "editor", role: "row" }, html("td", { role: "cell", colspan: columns }, form));
  return { row, focus: () => find("input", form).focus() };
}

/** @param {string} label @param {HTMLElement} control @param {string | null} look */
const field = (label, control, look = null) => html("label", { class: look }, html("span", {}, label), control);

/** @param {HTMLTextAreaElement} area @param {string} text */
function filled(area, text) {
  area.value = text;
  return area;
}

/**
 * Only what is another than before.
 * @param {HTMLFormElement} form @param {RunView} run
 * @returns {Partial<Wire.RunPatch>}
 */
function patchOf(form, run) {
  const text = (/** @type {string} */ name) =>
    /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value.trim();
  const tags = tagsOf(text("tags"));
  return {
    ...(text("name") === run.name ? {} : { name: text("name") || null }),
    ...(text("note") === run.note ? {} : { note: text("note") }),
    ...(tags.join("\n") === run.tags.join("\n") ? {} : { tags }),
  };
}

/** Words between commas, each once. @param {string} text */
export const tagsOf = (text) => [
  ...new Set(
    text
      .split(",")
      .map((tag) => tag.trim())
      .filter(Boolean),
  ),
];
