// Prints what the page's headline says of traces given as JSON on standard input, and how it writes numbers.
import { readFileSync } from "node:fs";
import { readable } from "../../static/js/numbers.js";
import { headline } from "../../static/js/selectors/headline.js";
import { fromJson } from "../../static/js/trace.js";

const { traces, numbers } = JSON.parse(readFileSync(0, "utf8"));
const said = traces.map((json) => { const { title, answer } = headline(fromJson(json)); return [title, answer]; });
process.stdout.write(JSON.stringify({ said, numbers: numbers.map(([value, digits]) => readable(value, digits)) }));
