// The panels by the names that a person, a link and a file use, and what one sees in each, in two sentences.

/**
 * `panel` has a figure with a twin and files, `list` only a table to take along
 * @type {{testid: string, panel: PagePanel | null, list?: ListPanel, name: string, about: string}[]}
 */
export const PANELS = [
  {
    testid: "overview",
    panel: "overview",
    name: "Whole sequence",
    about:
      "All steps of a sequence that is too long to be read at once: its arcs, the steps that SAB reaches as ink " +
      "on the baseline, and the loss in bins. Drag the frame, or move it by arrow keys: the panels below show " +
      "its steps.",
  },
  {
    testid: "sequence-strip",
    panel: "sequence",
    name: "Sequence",
    about:
      "What the network reads, should say and says, step by step from left to right; the bars are its loss. " +
      "Click a step, or use ← and →: all else on the page then asks where the loss of that step sends its " +
      "gradient.",
  },
  {
    testid: "paths",
    panel: "paths",
    name: "Backtracking paths",
    about:
      "Gradient walks back from the chosen step along the baseline until scissors cut it; an arc is a skip edge, " +
      "over which it jumps to a memory that the step read. Width is credit: the size of the gradient that takes " +
      "this edge.",
  },
  {
    testid: "gradient-norms",
    panel: "gradients",
    name: "Gradient norm",
    about:
      "How large the gradient of the chosen loss is at each step, on a log axis, under three rules on the very " +
      "same weights and forward pass. Hollow triangles are exact zeros, which is what a cut leaves behind; they " +
      "are not just small numbers.",
  },
  {
    testid: "attention",
    panel: "attention",
    name: "Attention",
    about:
      "Each row is a step that reads, each column a memory it may read, and colour the weight. No colour is a " +
      "weight of exactly zero, hatched memories are not written yet, and ∅ is the empty memory.",
  },
  {
    testid: "step-detail",
    panel: "step",
    name: "This step",
    about:
      "The chosen step in numbers: what it read and said, and each memory it reads with its weight and its " +
      "credit. Weight says how much was read forward, credit how much gradient comes back; the two need not " +
      "agree.",
  },
  {
    testid: "curves",
    panel: "curves",
    name: "Learning",
    about:
      "Loss and score of the run in view over its updates; each update is one step of the optimiser on a fresh " +
      "batch. A dotted line marks an update at which a knob was turned.",
  },
  {
    testid: "controls",
    panel: null,
    name: "Knobs",
    about:
      "On a trained network a knob looks again at the same weights; on a running one it acts from the next " +
      "update on. k_trunc changes only the backward pass, k_top and k_att change the prediction too.",
  },
  {
    testid: "self-proof",
    panel: null,
    list: "proof",
    name: "Self-proof",
    about:
      "Identities that must hold on the very weights in view, measured by the server when you ask. Without " +
      "memories SAB is truncated backpropagation, without cuts it is full backpropagation; each stands with its " +
      "largest difference.",
  },
  {
    testid: "runs",
    panel: null,
    list: "runs",
    name: "Runs",
    about:
      "Every network that was trained on this server, newest first; training goes on whether or not you look. " +
      "Pin as baseline keeps the one in view, so that the curves and the weights of others can be compared with " +
      "it.",
  },
];
