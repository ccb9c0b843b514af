// What the five stops of the tour say. A text is made of words and links; a link is a view, spelt as in the address
// bar, and the figure to look at. All of them look at the trained copy network, whose step 40 repeats what it read at
// step 0. Whatever they assert is asked of the API by tests/e2e/test_feature_38_tour_truth.py, link by link.

/**
 * @typedef {{say: string, view?: string, figure?: string, act?: "train" | "form"}} TourLink
 * @typedef {{title: string, view: string, figure: string, text: (string | TourLink)[]}} TourStop
 */

const COPY = "preset=copy";

/** @type {TourStop[]} */
export const STOPS = [
  {
    title: "Thirty seconds",
    view: COPY,
    figure: "paths",
    text: [
      "At ",
      { say: "step 40", view: `${COPY}&loss_step=40`, figure: "sequence-strip" },
      " this network repeats what it read at step 0. The gradient of that answer walks back along the baseline " +
        "and ends at the first scissors; one ",
      { say: "arc", view: `${COPY}&memory=0` },
      " jumps over them to the ringed source. Now ",
      { say: "take the memories away", view: `${COPY}&k_top=0` },
      ": the arc is gone, SAB's gradient at step 0 falls to ",
      { say: "exactly zero", view: `${COPY}&k_top=0`, figure: "gradient-norms" },
      ", and the answer is wrong. ",
      { say: "Give them back", view: COPY },
      ", then ",
      { say: "knock out only the arc", view: `${COPY}&ko=40-0` },
      ": the answer is wrong again, for want of one reading.",
    ],
  },
  {
    title: "Three rules, one network",
    view: COPY,
    figure: "gradient-norms",
    text: [
      "The same weights and the same forward pass; the three lines differ only in which edges carry gradient. Full " +
        "has no cut and reaches every step. Truncated ends at the cut and takes what was read for a constant. SAB " +
        "has the same cuts, and lands where the network read. Where a block ends counts, not how long it is: with ",
      { say: "blocks of 7 steps", view: `${COPY}&k_trunc=7` },
      " truncated reaches back to step 34, with ",
      { say: "blocks of 10", view: `${COPY}&k_trunc=10` },
      " to step 39 only. With ",
      { say: "no cut at all", view: `${COPY}&k_trunc=0` },
      " SAB and full are one, and truncated is still far smaller at step 0: nothing comes through its readings. " +
        "Hollow triangles are exact zeros. Every step has its own picture: ",
      { say: "step 45", view: `${COPY}&loss_step=45` },
      ".",
    ],
  },
  {
    title: "Where it reads",
    view: `${COPY}&memory=0`,
    figure: "attention",
    text: [
      "Each row is a step, each column a memory. While the network waits it rests on ∅, the empty memory; at ",
      { say: "step 40", view: `${COPY}&loss_step=40&memory=0` },
      " it reads step 0, at ",
      { say: "step 41", view: `${COPY}&loss_step=41&memory=1` },
      " step 1, and so down the diagonal. Write a memory ",
      { say: "only every 5th step", view: `${COPY}&k_att=5` },
      " and eight of the ten are missing when they are wanted. The authors' ",
      { say: "released formula", view: "preset=release" },
      " ignores the reader: every row ranks the memories alike, and not one of the ten readers finds its source.",
    ],
  },
  {
    title: "What it does not say",
    view: `${COPY}&ko=40-0`,
    figure: "paths",
    text: [
      "An arc is a route of gradient, not a cause. So ask the network: with ",
      { say: "the arc taken away", view: `${COPY}&ko=40-0` },
      " it says something else, so this arc was one; ",
      { say: "put it back", view: COPY },
      " and the first numbers return, exactly. And one example is not a trend: look at ",
      { say: "another one", view: `${COPY}&example=3` },
      ", or at its ",
      { say: "hit rate", view: COPY },
      ", how often its readers read where they should.",
    ],
  },
  {
    title: "Watch it learn",
    view: COPY,
    figure: "curves",
    text: [
      "The slider “update” in the bar at the top goes back to any stored update, in all panels at once: at ",
      { say: "update 0", view: `${COPY}&update=0`, figure: "attention" },
      " its weights are random, and so is what it reads; at ",
      { say: "the last", view: COPY, figure: "attention" },
      " all ten readers find theirs; the ▶ beside it plays what lies between. ",
      { say: "Train a small network", act: "train", figure: "curves" },
      " from nothing: within seconds the curve drops, and arcs appear; knobs act while it trains. Then go on by " +
        "yourself: ",
      { say: "try adding", view: "preset=adding-50", figure: "sequence-strip" },
      ", ",
      { say: "compare runs", figure: "runs" },
      ", or ",
      { say: "start a network of your own", act: "form", figure: "controls" },
      ".",
    ],
  },
];
