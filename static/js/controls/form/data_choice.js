// The choice of a data set in the form of a run, and a text of one's own that is sent and then chosen.

import { find } from "../../draw/layers/dom.js";
import { problemOf } from "../../wire/api.js";
import { DATA, READS } from "../../wire/contract.js";
import { getData, postText } from "../../wire/offered/data.js";
import { addedWords, dataOptions, dataWords, refusalOf, sending, troubleOf } from "./data_words.js";

/**
 * @param {HTMLFormElement} form
 * @param {(T: number) => void} setLength the data set that was chosen has images of so many pixels
 * @returns {{show: (data: string | null) => void, lengths: () => number[]}} `show` offers what the task reads, with one
 *   of it chosen, null for its own; `lengths` are those of images
 */
export function createDataChoice(form, setLength) {
  /** @type {Choice} */
  const choice = { parts: choiceParts(form), sets: null, setLength };
  const { parts } = choice;
  parts.select.addEventListener("change", () => pick(choice, parts.select.value));
  parts.add.addEventListener("click", () => parts.file.click());
  parts.file.addEventListener("change", async () => {
    const [file] = parts.file.files ?? [];
    parts.file.value = "";
    if (file && (await add(choice, file))) form.dispatchEvent(new Event("input"));
  });
  form.closest("details")?.addEventListener("toggle", (event) => {
    if (/** @type {HTMLDetailsElement} */ (event.target).open) ask(choice);
  });
  return {
    show: (data) => {
      parts.refuse("");
      paint(choice, data ?? "");
    },
    lengths: () => (choice.sets ?? []).flatMap(({ shape }) => (shape ? [shape[0] * shape[1]] : [])),
  };
}

/** @typedef {{parts: ChoiceParts, sets: Wire.DataView[] | null, setLength: (T: number) => void}} Choice */

/** Offer what the task reads. @param {Choice} choice @param {string} chosen empty for the task's own */
function paint({ parts, sets }, chosen) {
  const task = parts.task.value;
  const own = DATA[task] ?? "";
  parts.add.hidden = READS[task] !== "text";
  const options = own ? dataOptions(sets, task, chosen) : [{ value: "", words: "none" }];
  parts.select.replaceChildren(...options.map(({ value, words }) => new Option(words, value)));
  parts.select.value = own ? chosen : "";
  parts.facts.textContent = own ? dataWords(sets, chosen || own) : "";
}

/** @param {Choice} choice @param {string} data */
function pick(choice, data) {
  paint(choice, data);
  const { parts, sets, setLength } = choice;
  const shape = sets?.find((one) => one.data === (data || DATA[parts.task.value]))?.shape;
  if (shape) setLength(shape[0] * shape[1]);
}

/** Have the server say which there are. @param {Choice} choice */
async function ask(choice) {
  try {
    choice.sets = await getData();
    choice.parts.refuse("");
  } catch (error) {
    choice.parts.refuse(problemOf(error).detail);
  }
  paint(choice, choice.parts.select.value);
}

/** Send a text and choose it; whether it was taken. @param {Choice} choice @param {File} file */
async function add(choice, file) {
  const { parts } = choice;
  const found = await sent(file, parts);
  if (!found) return false;
  choice.sets = [...(choice.sets ?? []).filter(({ data }) => data !== found.data), found];
  const chosen = parts.task.value === found.task;
  if (chosen) pick(choice, found.data);
  parts.tell(addedWords(file.name, chosen));
  return true;
}

/** @typedef {ReturnType<typeof choiceParts>} ChoiceParts */

/** @param {HTMLFormElement} form */
function choiceParts(form) {
  const box = find(".data-choice", form);
  const told = find(".data-told", box);
  const refused = find(".data-refused", box);
  const bar = /** @type {HTMLProgressElement} */ (find("progress", box));
  return {
    task: /** @type {HTMLSelectElement} */ (find('[name="task.name"]', form)),
    select: /** @type {HTMLSelectElement} */ (find("select", box)),
    facts: find(".data-facts", box),
    add: /** @type {HTMLButtonElement} */ (find("[data-form=text]", box)),
    file: /** @type {HTMLInputElement} */ (find("input[type=file]", box)),
    /** What became of a text, or how far it is. @param {string} words @param {number | null} share null: no bar */
    tell(words, share = null) {
      [told.textContent, bar.hidden, refused.textContent] = [words, share === null, ""];
      bar.value = share ?? 0;
    },
    /** @param {string} words empty takes back what was said */
    refuse(words) {
      [told.textContent, bar.hidden, refused.textContent] = ["", true, words];
    },
  };
}

/**
 * Send a text, and say how far it is.
 * @param {File} file @param {ChoiceParts} parts
 * @returns {Promise<Wire.DataView | null>} null where it was refused, which stands in its place
 */
async function sent(file, { tell, refuse, add }) {
  const refusal = refusalOf(file);
  if (refusal) {
    refuse(refusal);
    return null;
  }
  add.disabled = true;
  const progress = (/** @type {number} */ share) => tell(sending(file.name, share), share);
  try {
    progress(0);
    return await postText(file, progress);
  } catch (error) {
    refuse(troubleOf(file.name, problemOf(error)));
    return null;
  } finally {
    add.disabled = false;
  }
}
