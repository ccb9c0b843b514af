// The choice of a data set in words: what each is, what its licence allows, why a file is not sent. Pure.

import { counted, grouped, readable } from "../../draw/numbers.js";
import { claim, joined, say } from "../../draw/say.js";
import { DATA } from "../../wire/contract.js";
import { MOST_TEXT_BYTES } from "../../wire/offered/data.js";

const CLASSES_TOLD = 10;
const READS_LARGER = "sab train --set task.data=PATH reads larger ones.";

/** What the data set is that a run would read. */
export const FACTS = [
  claim("not asked", "!listed", ""),
  claim("gone", "!found", "{name} is not on this server, so no run of it can start here."),
  claim(
    "text",
    "text",
    "{characters}, {symbols} different; the last {held_out} are held out. Guessing by how often each one stands in it" +
      " costs {bits} bits per character.",
  ),
  claim("images", "", "{size}, so T is {pixels}: {training} to train on, {held_out} held out; {classes}."),
];
export const LICENCE = [
  claim("nothing to tell", "!found", ""),
  claim("named", "licence", "Licence: {licence}."),
  claim("sent", "sent", "It was sent to this server, which knows nothing of its licence."),
  claim("not told", "", "Of its licence nothing is known here."),
];
/** Why a file is not sent at all. */
export const REFUSALS = [
  claim("empty", "empty", "{name} is empty: there is nothing to read; choose another file."),
  claim("large", "large", `{name} has {size} MiB, at most {most} MiB can be sent; ${READS_LARGER}`),
  claim("none", "", ""),
];
/** Why the server did not take a file. */
export const TROUBLES = [
  claim("named", "named", "{name}: {remedy}"),
  claim(
    "shut out",
    "shut_out",
    "{name} was not taken: this browser is not let in any more. Come in by a new link in another tab, then add it" +
      " again; what is filled in here stays.",
  ),
  claim("too large", "large", "{name} was not taken: it is larger than the way to the server lets through; {else_by}"),
  claim("refused", "refused", "{name} was not taken: {detail}. What is filled in here stays."),
  claim("other", "", "{detail}"),
];
export const SENDING = [
  claim("read", "left", "The server reads {name} …"),
  claim("on its way", "", "Sending {name}: {percent} %"),
];
export const ADDED = [
  claim("chosen", "chosen", "{name} is on this server now, and chosen."),
  claim("not chosen", "", "{name} is on this server now; task char can read it."),
];

/**
 * What is so of the data set that is chosen.
 * @param {readonly Wire.DataView[] | null} sets null before they are known
 * @param {string} name what the run would read
 */
export function dataFacts(sets, name) {
  const found = sets?.find(({ data }) => data === name);
  const { licence, characters, symbols, shape, classes, held_out = 0, training = 0, bpc } = found ?? {};
  const [rows, columns, channels] = shape ?? [0, 0, 1];
  const count = classes?.length ?? 0;
  const told = classes?.slice(0, CLASSES_TOLD).join(", ") ?? "";
  return {
    listed: sets !== null,
    found: Boolean(found),
    name: shortName(name),
    text: found?.task === "char",
    sent: found?.origin === "sent",
    licence: licence ?? "",
    characters: counted(characters ?? 0, "character"),
    symbols: grouped([...(symbols ?? "")].length),
    bits: readable(bpc ?? 0),
    size: `${rows} × ${columns} pixels${channels > 1 ? ` in ${channels} colours` : ""}`,
    pixels: String(rows * columns),
    training: counted(training, "image"),
    held_out: grouped(held_out),
    classes: `${counted(count, "class", "classes")} (${told}${count > CLASSES_TOLD ? ", …" : ""})`,
  };
}

/** The sentences below the choice. @param {readonly Wire.DataView[] | null} sets @param {string} name */
export function dataWords(sets, name) {
  const facts = dataFacts(sets, name);
  return joined([say(FACTS, facts), say(LICENCE, facts)]);
}

/** A name without most of its sha256, as the server writes it. @param {string} name */
export function shortName(name) {
  const [word, sha256] = name.split("@");
  return sha256 ? `${word}@${sha256.slice(0, 8)}` : word;
}

/**
 * The data sets that a task may read, by the value of `task.data`; its own one is named by nothing.
 * @param {readonly Wire.DataView[] | null} sets @param {string} task
 * @param {string} chosen a name that stays in the list, though it may not be known here
 * @returns {{value: string, words: string}[]}
 */
export function dataOptions(sets, task, chosen) {
  const own = DATA[task] ?? "";
  const fit = (sets ?? []).filter((one) => one.task === task);
  const titles = fit.map(({ title }) => title);
  const found = fit.map(({ data, title }) => ({
    value: data === own ? "" : data,
    words: titles.filter((other) => other === title).length > 1 ? `${title} (${shortName(data)})` : title,
  }));
  if (!found.some(({ value }) => value === "")) found.unshift({ value: "", words: own || "none" });
  if (chosen && !found.some(({ value }) => value === chosen))
    found.push({ value: chosen, words: `${shortName(chosen)} (not here)` });
  return found;
}

/** @param {{name: string, size: number}} file */
export const fileFacts = ({ name, size }) => ({
  name,
  empty: size === 0,
  large: size > MOST_TEXT_BYTES,
  size: grouped(Math.ceil(size / 2 ** 20)),
  most: String(MOST_TEXT_BYTES / 2 ** 20),
});

/** Why the server would take a file in no case; nothing where it may. @param {{name: string, size: number}} file */
export const refusalOf = (file) => say(REFUSALS, fileFacts(file));

/** That a text has come. @param {string} name @param {boolean} chosen whether it is what the run would read */
export const addedWords = (name, chosen) => say(ADDED, { name, chosen });

/** @param {string} name of the file @param {Problem} problem */
export function troubleFacts(name, { status, errors, detail }) {
  const remedy = errors?.find(({ field }) => field === "body")?.remedy ?? "";
  return {
    ...{ name, remedy, detail, named: remedy !== "", shut_out: status === 401, large: status === 413 },
    refused: [403, 507].includes(status),
    else_by: READS_LARGER,
  };
}

/**
 * Why the server did not take a file: what is wrong with it, where it says that, else whether it can be sent later.
 * @param {string} name of the file @param {Problem} problem
 */
export const troubleOf = (name, problem) => say(TROUBLES, troubleFacts(name, problem));

/** How far a text is on its way. @param {string} name @param {number} share 0 to 1 */
export const sending = (name, share) =>
  say(SENDING, { name, left: share >= 1, percent: String(Math.floor(100 * share)) });
