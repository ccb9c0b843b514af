// The contract of a run, made from model/contract: change that, then run `make generated`.

/**
 * @typedef {{path: string, kind: "whole" | "number" | "choice" | "flag" | "text", help: string, unit: string,
 *   remedy: string,
 *   default: number | string | boolean | null, low: number, high: number, above: boolean, choices: readonly string[],
 *   null: string, slider: readonly [number, number] | null, log: boolean, backward: boolean}} Field
 */

/** What may change while a run trains. */
export const KNOBS = /** @type {const} */ (["k_top", "k_trunc", "k_att", "learning_rate", "clip_norm"]);

/** Figures of a network's health, in the order of tables. */
export const HEALTH = /** @type {const} */ (["saturated", "dead", "near_tied", "largest_state", "moved_recurrent", "moved_scorer", "moved_readout", "norm_median", "norm_p99"]);

/** The knobs that a probe may turn too. */
export const PROBE_KNOBS = /** @type {const} */ (["k_top", "k_trunc", "k_att"]);

/** Longest T, in steps. */
export const MAX_STEPS = 1024;

/** Examples of the probe batch. */
export const PROBE_EXAMPLES = 16;

/** Updates between looks at unseen examples. */
export const LOOK_EVERY = 125;

/** A learning rate from which on a trained network is lost. */
export const RISKY_RATE = 0.05;

/** Share of the skip credit in the shown paths. */
export const DEFAULT_SHARE = 0.95;

/** How k_trunc is shown when there is no cut. */
export const NO_CUT = "∞";

/** How a k_top is shown that reads every memory. */
export const ALL = "all";

/** How a text is read where task.carry is set. */
export const CARRIED = "state carried from one window to the next";

/** How a text is read otherwise. */
export const EACH_ALONE = "each window begins with nothing";

/** Every field of a run by its path. @type {Record<string, Field>} */
export const FIELDS = {
  "task.name": {"path": "task.name", "default": "copy", "kind": "choice", "help": "the task", "unit": "", "remedy": "see GET /api/tasks", "low": 0, "high": 0, "above": false, "choices": ["copy", "adding", "recall", "denoise", "char", "pixels"], "null": "", "slider": null, "log": false, "backward": false},
  "task.T": {"path": "task.T", "default": 50, "kind": "whole", "help": "length of the delay or the sequence", "unit": "steps", "remedy": "20 to 200 is comfortable", "low": 1, "high": 1024, "above": false, "choices": [], "null": "", "slider": null, "log": false, "backward": false},
  "task.items": {"path": "task.items", "default": null, "kind": "whole", "help": "how many to remember", "unit": "symbols or pairs", "remedy": "leave it out for the task's own default", "low": 1, "high": 50, "above": false, "choices": [], "null": "the task's own", "slider": null, "log": false, "backward": false},
  "task.T_min": {"path": "task.T_min", "default": null, "kind": "whole", "help": "shortest delay of a training update, drawn anew for each", "unit": "steps", "remedy": "1 mixes all delays up to T; leave it out for one fixed delay", "low": 1, "high": 1024, "above": false, "choices": [], "null": "one fixed delay, T", "slider": null, "log": false, "backward": false},
  "task.data": {"path": "task.data", "default": null, "kind": "text", "help": "the data set that is read", "unit": "", "remedy": "GET /api/tasks names those there are", "low": 0, "high": 0, "above": false, "choices": [], "null": "the task's own", "slider": null, "log": false, "backward": false},
  "task.permuted": {"path": "task.permuted", "default": null, "kind": "whole", "help": "seed of the one fixed order in which the pixels of every image are read", "unit": "", "remedy": "any whole number in the range; leave it out for row by row", "low": 0, "high": 2147483647, "above": false, "choices": [], "null": "row by row", "slider": null, "log": false, "backward": false},
  "task.carry": {"path": "task.carry", "default": false, "kind": "flag", "help": "whether a text is read on from update to update, the state (h, c) carried over without its gradient; memories never are", "unit": "", "remedy": "write false, with which each sequence begins anywhere, with nothing", "low": 0, "high": 0, "above": false, "choices": [], "null": "", "slider": null, "log": false, "backward": false},
  "model.method": {"path": "model.method", "default": "sab", "kind": "choice", "help": "how the network learns", "unit": "", "remedy": "choose one of them", "low": 0, "high": 0, "above": false, "choices": ["sab", "tbptt", "bptt", "attention"], "null": "", "slider": null, "log": false, "backward": false},
  "model.hidden_size": {"path": "model.hidden_size", "default": 128, "kind": "whole", "help": "hidden units", "unit": "units", "remedy": "32 to 256 suits the toy tasks", "low": 1, "high": 1024, "above": false, "choices": [], "null": "", "slider": null, "log": false, "backward": false},
  "model.attention_size": {"path": "model.attention_size", "default": 32, "kind": "whole", "help": "units of the scorer", "unit": "units", "remedy": "16 to 128 suits the toy tasks", "low": 1, "high": 512, "above": false, "choices": [], "null": "", "slider": null, "log": false, "backward": false},
  "model.k_top": {"path": "model.k_top", "default": 5, "kind": "whole", "help": "memories read", "unit": "memories", "remedy": "0 reads no memory, 5 is the paper's", "low": 0, "high": 10000, "above": false, "choices": [], "null": "", "slider": [0, 20], "log": false, "backward": false},
  "model.k_trunc": {"path": "model.k_trunc", "default": 5, "kind": "whole", "help": "steps per block", "unit": "steps", "remedy": "0 means no cut (full backpropagation)", "low": 0, "high": 100000, "above": false, "choices": [], "null": "no cut", "slider": [0, 60], "log": false, "backward": true},
  "model.k_att": {"path": "model.k_att", "default": 2, "kind": "whole", "help": "memory spacing", "unit": "steps", "remedy": "1 stores every step as a memory", "low": 1, "high": 10000, "above": false, "choices": [], "null": "", "slider": [1, 20], "log": false, "backward": false},
  "model.normalizer": {"path": "model.normalizer", "default": "shift", "kind": "choice", "help": "how scores become attention weights", "unit": "", "remedy": "choose one of them", "low": 0, "high": 0, "above": false, "choices": ["shift", "softmax"], "null": "", "slider": null, "log": false, "backward": false},
  "model.variant": {"path": "model.variant", "default": "paper", "kind": "choice", "help": "whose formula of attention", "unit": "", "remedy": "choose one of them", "low": 0, "high": 0, "above": false, "choices": ["paper", "release"], "null": "", "slider": null, "log": false, "backward": false},
  "model.initial_memory": {"path": "model.initial_memory", "default": true, "kind": "flag", "help": "whether an all-zero memory stands first", "unit": "", "remedy": "write true or false", "low": 0, "high": 0, "above": false, "choices": [], "null": "", "slider": null, "log": false, "backward": false},
  "training.batch_size": {"path": "training.batch_size", "default": 32, "kind": "whole", "help": "examples of an update", "unit": "examples", "remedy": "32 suits the toy tasks", "low": 1, "high": 1024, "above": false, "choices": [], "null": "", "slider": null, "log": false, "backward": false},
  "training.learning_rate": {"path": "training.learning_rate", "default": 0.002, "kind": "number", "help": "step size of Adam", "unit": "", "remedy": "0.002 is a good start", "low": 0, "high": 1e+22, "above": true, "choices": [], "null": "", "slider": [1e-05, 1], "log": true, "backward": false},
  "training.clip_norm": {"path": "training.clip_norm", "default": 0.5, "kind": "number", "help": "largest norm of the gradient", "unit": "of the gradient; 0 is off", "remedy": "0.5 is a good start, 0 switches clipping off", "low": 0, "high": 1000000.0, "above": false, "choices": [], "null": "", "slider": [0.01, 100], "log": true, "backward": false},
  "training.updates": {"path": "training.updates", "default": 10000, "kind": "whole", "help": "updates at most", "unit": "updates", "remedy": "a copy run needs about 10,000", "low": 1, "high": 10000000, "above": false, "choices": [], "null": "", "slider": null, "log": false, "backward": false},
  "training.seed": {"path": "training.seed", "default": 0, "kind": "whole", "help": "seed of weights and data", "unit": "", "remedy": "any whole number in the range", "low": 0, "high": 2147483647, "above": false, "choices": [], "null": "", "slider": null, "log": false, "backward": false},
  "training.phase": {"path": "training.phase", "default": "fixed", "kind": "choice", "help": "whether the cuts stay where they are or move from update to update", "unit": "", "remedy": "choose one of them", "low": 0, "high": 0, "above": false, "choices": ["fixed", "random"], "null": "", "slider": null, "log": false, "backward": false},
  "training.scorer_rate": {"path": "training.scorer_rate", "default": 1.0, "kind": "number", "help": "learning rate of the scorer (W_k, W_q, w_s), as a share of learning_rate", "unit": "", "remedy": "1 is one rate for all weights, 0.3 keeps the scorer from saturating", "low": 0, "high": 10, "above": true, "choices": [], "null": "", "slider": null, "log": false, "backward": false},
  "training.sum_floor": {"path": "training.sum_floor", "default": 0.0, "kind": "number", "help": "least sum of r in the gradient on scores (shift)", "unit": "", "remedy": "0 is the exact gradient, 0.1 keeps near ties from amplifying rounding", "low": 0, "high": 10, "above": false, "choices": [], "null": "", "slider": null, "log": false, "backward": false},
  "training.rate_decay": {"path": "training.rate_decay", "default": 0.0, "kind": "number", "help": "share of the updates, the last ones, over which the learning rate falls to 2 %", "unit": "", "remedy": "0 keeps the rate, 0.3 lets the last 30 % of the updates settle", "low": 0, "high": 1, "above": false, "choices": [], "null": "", "slider": null, "log": false, "backward": false},
  "training.weight_decay": {"path": "training.weight_decay", "default": 0.0, "kind": "number", "help": "how fast weights shrink beside the gradient, a share of learning_rate (decoupled, as in AdamW)", "unit": "", "remedy": "0 is off, 0.03 keeps weights bounded; biases and w_s never shrink", "low": 0, "high": 1, "above": false, "choices": [], "null": "", "slider": null, "log": false, "backward": false},
  "training.until": {"path": "training.until", "default": null, "kind": "text", "help": "what ends the training before its last update, once it holds on two looks at unseen examples", "unit": "", "remedy": "write for example accuracy ≥ 0.99, or mse ≤ 0.01", "low": 0, "high": 0, "above": false, "choices": [], "null": "never", "slider": null, "log": false, "backward": false},
};

/** The fields of the network that a method fixes. @type {Record<string, readonly string[]>} */
export const FIXED = {
  "sab": [],
  "tbptt": ["k_top"],
  "bptt": ["k_top", "k_trunc"],
  "attention": ["k_top", "k_trunc", "normalizer"],
};

/** What a method is called in pictures and sentences. @type {Record<Wire.TraceParameters["method"], string>} */
export const CALLED = {
  "sab": "SAB",
  "tbptt": "TBPTT",
  "bptt": "BPTT",
  "attention": "attention",
};

/** What a run is judged by: the first of these that its task has. */
export const JUDGED = /** @type {const} */ (["mse", "bpc", "accuracy"]);

/** What the examples of a look are called, by task. @type {Record<string, string>} */
export const UNSEEN = {
  "copy": "fresh",
  "adding": "fresh",
  "recall": "fresh",
  "denoise": "fresh",
  "char": "held-out",
  "pixels": "held-out",
};

/** What the looks of a task are at, as a plural. @type {Record<string, string>} */
export const EXAMPLES = {
  "copy": "fresh examples",
  "adding": "fresh examples",
  "recall": "fresh examples",
  "denoise": "fresh examples",
  "char": "held-out pieces of the text",
  "pixels": "held-out images",
};

/** T of a task where nobody names one. @type {Record<string, number>} */
export const LENGTHS = {
  "copy": 50,
  "adding": 50,
  "recall": 50,
  "denoise": 50,
  "char": 50,
  "pixels": 64,
};

/** The data set that a task reads by itself; empty: it reads none. @type {Record<string, string>} */
export const DATA = {
  "copy": "",
  "adding": "",
  "recall": "",
  "denoise": "",
  "char": "hamlet",
  "pixels": "digits",
};

/** What people call data sets, by the word of `task.data`. @type {Record<string, string>} */
export const DATA_CALLED = {
  "hamlet": "Hamlet",
  "digits": "digits 8×8",
  "mnist": "MNIST",
  "fashion-mnist": "Fashion-MNIST",
  "cifar-10": "CIFAR-10",
};

/** What kind of data set a task reads. @type {Record<string, "text" | "images" | "">} */
export const READS = {
  "copy": "",
  "adding": "",
  "recall": "",
  "denoise": "",
  "char": "text",
  "pixels": "images",
};

/** The fields of `task` that a task takes. @type {Record<string, readonly string[]>} */
export const TAKES = {
  "copy": ["T", "items", "T_min"],
  "adding": ["T", "T_min"],
  "recall": ["T", "items", "T_min"],
  "denoise": ["T", "items", "T_min"],
  "char": ["T", "data", "carry"],
  "pixels": ["T", "data", "permuted"],
};

/** How many things a task lets one remember by itself. @type {Record<Wire.TaskName, number>} */
export const ITEMS = {
  "copy": 10,
  "adding": 0,
  "recall": 3,
  "denoise": 10,
  "char": 0,
  "pixels": 0,
};
