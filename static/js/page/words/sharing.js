// How runs that train at the same time share the cores of their machine, or its GPU. Pure.

/**
 * How much faster the second thread of a run makes it where it has a core to itself, and what is left where more
 * threads than cores take turns. Copy with T = 30 on 2 cores, updates a second beside those of one run alone, measured
 * twice on 2026-11-28: with two threads 2, 3 and 4 runs made 0.54–0.61, 0.33–0.37 and 0.24–0.27 each; with one thread
 * 3 and 4 runs made 0.59–0.63 and 0.39–0.42.
 */
const SECOND_THREAD = 1.5;
const CROWDED = 0.85;
const FRACTIONS = /** @type {const} */ ([
  [3 / 4, "three quarters"],
  [2 / 3, "two thirds"],
  [1 / 2, "half"],
  [2 / 5, "two fifths"],
  [1 / 3, "a third"],
  [1 / 4, "a quarter"],
  [1 / 5, "a fifth"],
  [1 / 10, "a tenth"],
]);

/**
 * That several runs share the cores, and what it costs each, or that they share a GPU; null where each has all that it
 * can use. What they cost each other on a GPU, nobody has measured.
 * @param {Pick<State, "runs" | "run" | "engine">} state
 */
export function sharing({ runs, run, engine }) {
  const now = runs.map((one) => (one.id === run?.id ? run : one)).filter((one) => one.status === "running");
  const devices = now.map((one) => one.engine?.split(",")[0] ?? engine?.device ?? "");
  const count = (/** @type {string} */ name) => devices.filter((one) => one === name).length;
  const gpus = ["cuda", "mps"].filter((name) => count(name) > 1);
  const said = gpus.map((name) => `${count(name)} runs share ${name}`);
  return [onCores(count("cpu"), engine), ...said].filter(Boolean).join("; ") || null;
}

/** @param {number} training @param {State["engine"]} engine */
function onCores(training, engine) {
  const { cores, threads } = engine ?? {};
  if (!cores || !threads || training < 2 || training * threads <= cores) return null;
  const alone = Math.min(threads, cores) > 1 ? SECOND_THREAD : 1;
  const share = Math.min(1, (CROWDED * cores) / training / alone);
  const [, words] = FRACTIONS.reduce((best, one) =>
    Math.abs(Math.log(one[0] / share)) < Math.abs(Math.log(best[0] / share)) ? one : best,
  );
  const speed = share > 7 / 8 ? "" : `: each about ${words} as fast as alone`;
  return `${training} runs on ${cores} core${cores === 1 ? "" : "s"}${speed}`;
}
