// How pictures look, made from app/export/content/look.py: change that, then run `make generated`.

export const REACH_SHARE = 1e-06;
export const ARC_TOP_PX = 20;
export const ARC_FOOT_PX = 24;
export const LOWEST_ARC_PX = 16;
export const THINNEST_ARC_PX = 1.25;
export const WIDEST_ARC_PX = 6;
export const SHORTEST_SPAN = 0.3333333333333333;
export const ARC_STEEPNESS = 0.6;
export const ARC_CROWD = 40;
export const ARC_LABEL_PX = 6.2;
export const CROSS_ALONG = 0.84375;
export const CROSS_UP = 0.75;
export const INK_DECADES = 6;
export const SCISSORS_FROM_PX = 15;
export const MOST_DECADES = 14;
export const MOST_DECADE_TICKS = 5;
export const MARKERS_UP_TO = 120;
export const TICK_EVERY_PX = 56;
export const STEPS_BETWEEN_TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 500];
export const WIDE_MARGIN = {"left": 58, "right": 18};
export const NARROW_MARGIN = {"left": 44, "right": 10};
export const HOP_DASHES = ["", "7 4", "2.5 3"];
export const THRESHOLD_DASH = "0.1 5";
export const VIRIDIS = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 74, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [110, 206, 88],
  [181, 222, 43],
  [253, 231, 37],
];
export const LIGHT_CUT = [0.8, 0.02];
export const DARK_CUT = [0.32, 1];
export const PALEST = 0.32;
export const PALE_BELOW = 0.3;
export const SMALL_LOUDER = 0.7;
/** @type {{rule: Rule, name: string, dash: string, lengths: string, marker: string}[]} */
export const RULES = [
  {"rule": "full", "name": "full", "dash": "dot", "lengths": "2 3", "marker": "square"},
  {"rule": "sab", "name": "SAB", "dash": "solid", "lengths": "", "marker": "circle"},
  {"rule": "truncated", "name": "truncated", "dash": "dash", "lengths": "7 4", "marker": "diamond"},
];
