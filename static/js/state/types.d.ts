// What the page keeps, as types: its store, and its own form of what travels. No code.
// What travels is in wire.d.ts, made from app/wire/requests.py, views/. Cap: 200 lines.

type Rule = Wire.Rule;
type Column = ArrayLike<number>;
type KnobName = (typeof import("../wire/contract.js").KNOBS)[number];
type ProbeKnob = (typeof import("../wire/contract.js").PROBE_KNOBS)[number];
type PanelState = "loading" | "live" | "preview" | "stale" | "error" | "empty";
type ExportPanel = Wire.Panel;
/** What the page has as a table; the server exports the first four. */
type PagePanel = ExportPanel | "sequence" | "step" | "overview";
/** Panels that are lists: tables of them can be taken along, pictures not. */
type ListPanel = "proof" | "runs";
type Value = Wire.Trace["inputs"][number];

/** The page's form of a wire type: NaN where JSON has null, columns (typed arrays) where it has lists of numbers. */
interface Edge extends Omit<Wire.Edge, "credit" | "credit_hidden" | "credit_cell" | "weight"> {
  credit: number;
  credit_hidden: number;
  credit_cell: number;
  weight: number;
}
type CreditPath = Wire.Path;
type Columns = "loss_T" | "memories" | "cuts" | "attention" | "gradient_norm" | "gradient_norm_cell" | "edges";
interface Trace extends Omit<Wire.Trace, Columns | "run" | "preset" | "checkpoint" | "metrics"> {
  run?: string | null;
  preset?: string | null;
  checkpoint?: string | null;
  /** of a sequence that a person typed, not of an example */
  own?: boolean;
  /** what was turned, where no exact answer will come: then what only the network knows is not there */
  preview?: Partial<Record<ProbeKnob, number>>;
  metrics?: Wire.Trace["metrics"];
  loss_T: Column;
  memories: Column;
  cuts: Column;
  attention: { reader: Column; source: Column; weight: Column; score: Column };
  gradient_norm: Record<string, Column>;
  gradient_norm_cell: Record<string, Column>;
  edges: Edge[];
  /** set where the attention weights are differences: both sides of each, and whose was subtracted */
  versus?: { name: string; own: Column; base: Column };
}

type Spec = Wire.PresetSpec & { name?: string | null };
/** What a person asks for when a run is to start, as it was typed; the server judges it and fills in the rest. */
type RunWish = { [part in keyof Wire.RunSpec]?: unknown };
type RunView = Wire.RunView;
type Preset = Wire.PresetView;
type FieldProblem = Wire.FieldProblem;
type Problem = Pick<Wire.Problem, "title" | "status" | "detail"> & Partial<Wire.Problem>;
type ProbeRequest = Wire.ProbeRequest;

interface Target {
  kind: "preset" | "run" | "checkpoint";
  id: string;
}
interface Metrics {
  update: number[];
  loss: number[];
  gradient_norm: number[];
  learning_rate: number[];
  skipped: number[];
  values: Record<string, number[]>;
}
/** What looks at the network saw, one entry a look; NaN where there was nothing to see. */
interface Looks {
  update: number[];
  health: Record<string, number[]>;
  fresh: Record<string, number[]>;
}
/** The network that everything is compared with. */
interface Baseline {
  target: Target;
  name: string;
  trace: Trace | null;
  metrics: Metrics | null;
  problem: Problem | null;
}
type KnobMark = Pick<Wire.KnobChange, "update" | "parameters">;
/** A skip edge by its steps: reader, source. */
type Pair = [number, number];

/** The self-proof of the network in view; `asked` numbers the question, so that an old answer is dropped. */
interface Proof {
  status: "idle" | "running" | "done" | "unavailable";
  asked: number;
  answer: Wire.SelfCheck | null;
  problem: Problem | null;
}

interface State {
  presets: Preset[] | null;
  preset: string | null;
  runs: RunView[];
  /** how workers compute; null until the server has said */
  engine: Wire.EngineView | null;
  target: Target | null;
  run: RunView | null;
  /** the newest event when the stream of the run was opened: up to it events are told anew */
  toldTo: number;
  /** On a page that holds a recording in place of a server: what it holds. */
  recorded: Recorded | null;
  /** A viewer looks at it, who may not steer. */
  onlooks: boolean;
  /** `away`: it is lost, and nobody answered over HTTP either when last asked */
  link: { status: "idle" | "connecting" | "open" | "lost"; retryAt: number; away: boolean };
  live: Trace | null;
  liveAt: number;
  stored: Trace | null;
  probed: { key: string; trace: Trace } | null;
  probe: { key: string | null; since: number; problem: Problem | null; failedKey: string | null };
  snapshots: number[];
  /** updates whose weights are stored, so that any step of any example can be asked for */
  networks: number[];
  playing: boolean;
  metrics: Metrics;
  looks: Looks;
  marks: KnobMark[];
  gap: string | null;
  choice: Choice;
  hover: { step: number | null; memory: number | null };
  knobs: KnobState;
  knockouts: KnockoutState;
  /** what Ctrl+Z takes back first */
  gesture: "arc" | "knob" | "reset" | null;
  walk: Walk | null;
  batchHits: { key: string | null; found: Wire.BatchHits | null; failedKey: string | null } | null;
  proof: Proof;
  /** a sequence of one's own, as it was typed; null shows an example of the probe batch */
  own: string | null;
  /** up to three steps, in the order in which they were pinned */
  pins: number[];
  /** first and last reading step of a range */
  range: Pair | null;
  /** chosen by a person; null lets it follow the chosen step (only for long sequences) */
  span: StepSpan | null;
  baseline: Baseline | null;
  /** the attempt before the last reset or reseed of the run in view, which a run of its own keeps */
  earlier: { attempt: number; was: Wire.RunStatus; baseline: Baseline } | null;
  /** whether the heatmap shows this network minus the baseline */
  difference: boolean;
  follow: boolean;
  update: number | null;
  example: number;
  share: number;
  cell: boolean;
  /** where a probe cuts the local gradient */
  cutting: { cuts: "blocks" | "window"; phase: number };
  /** of the gradient panel: each rule divided by its own maximum; decades that are held */
  scale: { each: boolean; locked: [number, number] | null };
  theme: "auto" | "light" | "dark";
  notice: string | null;
  problem: Problem | null;
  tour: number | null;
}
/** loss: "default" lets the task choose, "step" is the person's choice; whole adds up all steps. */
type Recorded = Pick<import("../wire/recorded/recording.js").Recording, "about" | "hash" | "left_out"> & {
  pictures: number;
};

interface Choice {
  step: number | null;
  memory: number | null;
  whole: boolean;
}
interface KnobState {
  pending: Partial<Record<KnobName, { value: number; command: string }>>;
  override: Partial<Record<KnobName, number>>;
  problems: Partial<Record<KnobName, string>>;
  /** the value under the thumb while a person drags */
  moving: Partial<Record<KnobName, number>>;
  undo: { name: KnobName; from: number; to: number } | null;
}
/**
 * Arcs taken out of the question that the page asks; history holds earlier sets for Undo, undone later ones for Redo,
 * before the answer without any.
 */
interface KnockoutState {
  out: Pair[];
  chosen: Pair | null;
  history: Pair[][];
  undone: Pair[][];
  before: { key: string; trace: Trace } | null;
  failedKey: string | null;
}
/** The slow backward pass: the picture it holds, and how many of its edges were taken. */
interface Walk {
  trace: Trace;
  taken: number;
  playing: boolean;
}
/** What a file says about itself, in the words that stand in it. */
interface Caption {
  panel: PagePanel | ListPanel;
  run?: string;
  preset?: string;
  checkpoint?: string;
  name?: string;
  update?: number;
  example?: number | string;
  "loss step"?: number | string;
  "gradient of"?: string;
  seed?: number;
  variant?: string;
  config?: {
    task?: Wire.TaskSpec | Wire.TraceTask;
    model?: Wire.ModelSpec;
    training?: Wire.TrainingSpec;
    "in force"?: Wire.TraceParameters | Partial<Wire.RunParameters>;
  };
  baseline?: string;
  columns?: string;
  "knocked out"?: string;
  "non-finite numbers"?: number;
}
interface StoreOf<S, A> {
  get(): S;
  dispatch(action: A): void;
  subscribe(listener: (state: S, action: A) => void): () => void;
}
/** That of the explorer; the table of runs has its own (static/js/table/types.d.ts). */
type Store = StoreOf<State, Action>;

interface Theme {
  dark: boolean;
  sab: string;
  truncated: string;
  truncatedText: string;
  full: string;
  source: string;
  text: string;
  muted: string;
  line: string;
  panel: string;
  accent: string;
  warn: string;
  hatch: string;
  edge: string;
  /** the baseline of a comparison, and the two ends of a scale centred on 0 */
  baseline: string;
  more: string;
  less: string;
}
/** Steps shown, `to` not included. */
interface StepSpan {
  from: number;
  to: number;
}
interface TimeAxis extends StepSpan {
  width: number;
  left: number;
  right: number;
  steps: number;
  cell: number;
  has(step: number): boolean;
  x(step: number): number;
  stepAt(px: number): number | null;
  /** the step at a place, or the nearest one beside the axis */
  nearestStep(px: number): number;
  ticks: number[];
}
