// Prints what the page's headline says of traces given as JSON on standard input and which arc it names, how it writes
// numbers, its weight colours.
import { readFileSync } from "node:fs";
import { weightTable } from "../../../../static/js/draw/colours.js";
import { readable } from "../../../../static/js/draw/numbers.js";
import { headline } from "../../../../static/js/panels/story/headline.js";
import { toldArc } from "../../../../static/js/panels/story/path.js";
import { fromJson } from "../../../js/support/from_json.js";

const { traces, numbers } = JSON.parse(readFileSync(0, "utf8"));
const said = traces.map((json) => {
  const trace = fromJson(json);
  const { title, answer } = headline(trace);
  const told = toldArc(trace);
  return [title, answer, told && [told.reader, told.source]];
});
const stops = (dark) =>
  Array.from({ length: 9 }, (_, stop) => {
    const at = Math.round((stop * 255) / 8) * 3;
    return `#${[...weightTable(dark).slice(at, at + 3)].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
  });
process.stdout.write(
  JSON.stringify({
    said,
    colours: [stops(false), stops(true)],
    numbers: numbers.map(([value, digits]) => readable(value, digits)),
  }),
);
