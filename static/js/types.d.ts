// The words of the page as types: what travels (app/protocol.py) and what the store holds. No code.

type Rule = "sab" | "truncated" | "full";
type Column = ArrayLike<number>;
type KnobName = "k_top" | "k_trunc" | "k_att" | "learning_rate" | "clip_norm";
type PanelState = "loading" | "live" | "preview" | "stale" | "error" | "empty";
type ExportPanel = "attention" | "gradients" | "paths" | "curves";

interface Edge {
  kind: "skip" | "local";
  reader: number;
  source: number;
  credit: number;
  credit_hidden: number;
  credit_cell: number;
  weight: number;
  chosen: boolean;
}
interface CreditPath { steps: number[]; kinds: ("skip" | "local")[]; strength: number | null; }

/** A trace as the page holds it: contract shape, but NaN where the API has null. */
interface Trace {
  run?: string | null;
  preset?: string | null;
  checkpoint?: string | null;
  update: number;
  example: number;
  loss_step: number | null;
  task: Record<string, any>;
  parameters: Record<string, any>;
  steps: number;
  inputs: any[];
  targets: any[];
  predictions: any[];
  loss_T: Column;
  loss: number | null;
  true_sources: Record<string, number[]>;
  memories: Column;
  cuts: Column;
  attention: { reader: Column; source: Column; weight: Column; score: Column };
  gradient_norm: Record<string, Column>;
  gradient_norm_cell: Record<string, Column>;
  edges: Edge[];
  paths: CreditPath[];
  paths_hidden: number;
  share: number;
  skip_credit: number | null;
  reach: Record<string, [number, number][]>;
  hits: Record<string, boolean>;
  hit_rate: number | null;
  knocked_out: [number, number][];
  nonfinite: number;
}

interface RunView {
  id: string;
  name: string;
  status: string;
  reason: string | null;
  update: number;
  updates: number;
  attempt: number;
  parameters: Record<string, any>;
  params_version: number;
  metrics: Record<string, number | null>;
  spec: Spec;
  preset: string | null;
  seq: number;
  skipped: number;
  updates_per_s: number | null;
  checkpoint_update: number | null;
}
interface Spec { name?: string | null; preset?: string | null; task: any; model: any; training: any; }
interface Preset {
  name: string;
  title: string;
  description: string;
  spec: Spec;
  pretrained: boolean;
  metrics: Record<string, number | null> | null;
  update: number | null;
}
interface FieldProblem { field: string; value: any; range: string; remedy: string; }
interface Problem { title: string; status: number; detail: string; errors?: FieldProblem[]; }

interface Target { kind: "preset" | "run" | "checkpoint"; id: string; }
interface Metrics {
  update: number[]; loss: number[]; gradient_norm: number[]; learning_rate: number[]; skipped: number[];
  values: Record<string, number[]>;
}
interface KnobMark { update: number; parameters: Record<string, any>; }

/** What a probe is asked: the body of POST /api/probe. An absent loss_step is the task's own, null the whole loss. */
interface ProbeRequest {
  preset?: string; run?: string; checkpoint?: string;
  update?: number; example: number; loss_step?: number | null;
  k_top?: number; k_trunc?: number; k_att?: number; share: number;
}

interface State {
  presets: Preset[] | null;
  preset: string | null;
  runs: RunView[];
  target: Target | null;
  run: RunView | null;
  link: { status: "idle" | "connecting" | "open" | "lost"; retryAt: number };
  live: Trace | null;
  liveAt: number;
  stored: Trace | null;
  probed: { key: string; trace: Trace } | null;
  probe: { key: string | null; since: number; problem: Problem | null; failedKey: string | null };
  snapshots: number[];
  metrics: Metrics;
  marks: KnobMark[];
  gap: string | null;
  choice: Choice;
  hover: { step: number | null; memory: number | null };
  knobs: KnobState;
  follow: boolean;
  update: number | null;
  example: number;
  share: number;
  cell: boolean;
  theme: "auto" | "light" | "dark";
  notice: string | null;
  problem: Problem | null;
  tour: number | null;
}
/** loss: "default" lets the task choose, "step" is the person's choice; whole adds up all steps. */
interface Choice { step: number | null; memory: number | null; whole: boolean; }
interface KnobState {
  pending: Partial<Record<KnobName, { value: number; command: string }>>;
  override: Partial<Record<KnobName, number>>;
  problems: Partial<Record<KnobName, string>>;
  /** the value under the thumb while a person drags */
  moving: Partial<Record<KnobName, number>>;
  undo: { name: KnobName; from: number; to: number } | null;
}
type Action = { type: string; [key: string]: any };
interface Store {
  get(): State;
  dispatch(action: Action): void;
  subscribe(listener: (state: State, action: Action) => void): () => void;
}

interface Theme {
  dark: boolean;
  sab: string; truncated: string; truncatedText: string; full: string; source: string;
  text: string; muted: string; line: string; panel: string; accent: string; warn: string; hatch: string; edge: string;
}
interface TimeAxis {
  width: number; left: number; right: number; steps: number; cell: number;
  x(step: number): number;
  stepAt(px: number): number | null;
  ticks: number[];
}
interface Figure { data: any[]; layout: Record<string, any>; }
