// Prints what the page calls tasks that are given as JSON on standard input, alone and with something behind.
import { readFileSync } from "node:fs";
import { joinedWords, taskWords } from "../../../static/js/draw/task_words.js";

const tasks = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(tasks.map((task) => [taskWords(task), joinedWords(taskWords(task), "sab")])));
