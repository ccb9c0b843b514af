// Prints the mean that the page draws of trainings that are given as JSON on standard input.
import { readFileSync } from "node:fs";
import { meanOf } from "../../../../static/js/table/overlay/curves/mean.js";

process.stdout.write(JSON.stringify(meanOf(JSON.parse(readFileSync(0, "utf8")))));
