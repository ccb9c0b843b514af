// The table of runs before anything has come. Pure.

export const NEWEST_FIRST = "-created";

/** @type {Table.Overlay} */
export const PLAIN_OVERLAY = {
  lines: "mean",
  show: "both",
  metric: null,
  from: null,
  smooth: 0,
  log: {},
  all: false,
  off: [],
};

/** @type {Table.State} */
export const INITIAL = {
  runs: new Map(),
  all: null,
  newest: "",
  listing: {
    filter: "",
    sort: NEWEST_FIRST,
    version: 1,
    shown: 0,
    of: "",
    order: [],
    total: null,
    wanted: 0,
    problem: null,
    news: 0,
  },
  by: "none",
  folded: [],
  chosen: new Set(),
  group: null,
  choosingAll: false,
  editing: null,
  removing: new Set(),
  changes: [],
  choices: new Map(),
  overlay: PLAIN_OVERLAY,
  curves: new Map(),
  link: { status: "idle", retryAt: 0 },
  greeted: false,
  theme: "auto",
  notice: null,
  said: null,
};
