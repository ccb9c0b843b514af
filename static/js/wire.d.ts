// What travels between server and page, made from app/protocol.py: change that file, then run
// `python -m app.wire_types`. Deliberately not here: the forms that the page keeps (types.d.ts).
declare namespace Wire {
  type TaskName = "copy" | "adding" | "recall" | "denoise";
  type Rule = "sab" | "truncated" | "full";
  type RunStatus = "queued" | "running" | "paused" | "finished" | "stopped" | "failed" | "diverged" | "interrupted";
  type CommandType = "set_parameters" | "pause" | "resume" | "step" | "stop" | "checkpoint" | "reset" | "reseed";
  type Panel = "attention" | "gradients" | "paths" | "curves";
  type ExportFormat = "png" | "svg" | "pdf" | "html" | "csv" | "json" | "npz";

  /** Chosen memories, one entry per (reader, source); source −1 is the empty initial memory. */
  interface Attention {
    reader: number[];
    source: number[];
    weight: (number | null)[];
    score: (number | null)[];
  }

  /** The hit rate over a whole batch (spec section 6): of the readers that could have had one. */
  interface BatchHits {
    examples: number;
    readers: number;
    hits: number;
    hit_rate: number | null;
    update: number;
    run: string | null;
    preset: string | null;
    checkpoint: string | null;
  }

  /** One edge that carries gradient from reader back to source; credit is a norm (spec section 4). */
  interface Edge {
    kind: "skip" | "local";
    reader: number;
    source: number;
    credit: number | null;
    credit_hidden: number | null;
    credit_cell: number | null;
    weight: number | null;
    chosen: boolean;
  }

  /** One identity of the specification, and how far the weights at hand are from it; null: not a finite number. */
  interface Identity {
    name: string;
    statement: string;
    difference: number | null;
    tolerance: number;
    holds: boolean;
  }

  /** A chain of edges from the loss step back; strength is its smallest credit. */
  interface Path {
    steps: number[];
    kinds: ("skip" | "local")[];
    strength: number | null;
  }

  /** The identities of spec section 3, measured in float64 on one network. */
  interface SelfCheck {
    identities: Identity[];
    update: number;
    holds: boolean;
    run: string | null;
    preset: string | null;
    checkpoint: string | null;
  }

  /** What one probe leaves behind; snapshots have the same shape (contract section 2). */
  interface Trace {
    run: string | null;
    preset: string | null;
    checkpoint: string | null;
    update: number;
    example: number;
    loss_step: number | null;
    task: TraceTask;
    parameters: TraceParameters;
    steps: number;
    inputs: (number | number[] | null)[];
    targets: (number | number[] | null)[];
    predictions: (number | number[] | null)[];
    loss_T: (number | null)[];
    loss: number | null;
    true_sources: Record<string, number[]>;
    memories: number[];
    cuts: number[];
    attention: Attention;
    gradient_norm: Record<string, (number | null)[]>;
    gradient_norm_cell: Record<string, (number | null)[]>;
    edges: Edge[];
    paths: Path[];
    paths_hidden: number;
    share: number;
    skip_credit: number | null;
    reach: Record<string, [number, number][]>;
    hits: Record<string, boolean | null>;
    hit_rate: number | null;
    knocked_out: [number, number][];
    metrics: Record<string, number | null>;
    nonfinite: number;
  }

  /** The knobs of the pass that a trace shows; k_trunc = 0 means no cut. */
  interface TraceParameters {
    method: "sab" | "tbptt" | "bptt" | "attention";
    k_top: number;
    k_trunc: number;
    k_att: number;
    normalizer: "shift" | "softmax";
    variant: "paper" | "release";
    initial_memory: boolean;
    phase: number;
  }

  /** The task a trace was taken on; `symbols` are the display names of its numbers. */
  interface TraceTask {
    name: string;
    T: number;
    items: number | null;
    kind: "classes" | "values";
    steps: number;
    symbols: string[];
    default_loss_step: number | null;
  }

  /** Which toy task: its length knob T in steps, and how many symbols or pairs to remember. */
  interface TaskSpec {
    name: TaskName;
    T: number;
    items: number | null;
  }

  /** The network: method, sizes and the SAB knobs; k_trunc = 0 means no cut. */
  interface ModelSpec {
    method: "sab" | "tbptt" | "bptt" | "attention";
    hidden_size: number;
    attention_size: number;
    k_top: number;
    k_trunc: number;
    k_att: number;
    normalizer: "shift" | "softmax";
    variant: "paper" | "release";
    initial_memory: boolean;
  }

  /** Optimiser and length of the run. */
  interface TrainingSpec {
    batch_size: number;
    learning_rate: number;
    clip_norm: number;
    updates: number;
    seed: number;
    phase: "fixed" | "random";
  }

  /** All that determines a run. Every field has a default; an empty body is the default preset. */
  interface RunSpec {
    name: string | null;
    preset: string | null;
    task: TaskSpec;
    model: ModelSpec;
    training: TrainingSpec;
  }

  /** The knobs that may change while a run trains; those left out stay as they are. */
  interface Parameters {
    k_top?: number | null;
    k_trunc?: number | null;
    k_att?: number | null;
    learning_rate?: number | null;
    clip_norm?: number | null;
  }

  /** A request to a run; it takes effect between two updates and is acknowledged by an event. */
  interface Command {
    type: CommandType;
    parameters?: Parameters | null;
    command_id?: string | null;
    base_version?: number | null;
  }

  /** A question to a network: which way does credit go? Its weights are never touched. */
  interface ProbeRequest {
    run?: string | null;
    checkpoint?: string | null;
    preset?: string | null;
    update?: number | null;
    example?: number;
    inputs?: number[][] | number[] | null;
    loss_step?: number | null;
    k_top?: number | null;
    k_trunc?: number | null;
    k_att?: number | null;
    knocked_out?: [number, number][];
    rules?: Rule[];
    share?: number;
  }

  /** A run as the API shows it. */
  interface RunView {
    id: string;
    name: string;
    status: RunStatus;
    reason: string | null;
    update: number;
    updates: number;
    attempt: number;
    parameters: Record<string, unknown>;
    params_version: number;
    metrics: Record<string, number | null>;
    spec: RunSpec;
    preset: string | null;
    seq: number;
    skipped: number;
    updates_per_s: number | null;
    snapshots: number;
    checkpoint: string | null;
    checkpoint_update: number | null;
    created: string;
  }

  /** What is wrong with one field, and how to mend it. */
  interface FieldProblem {
    field: string;
    value: unknown;
    range: string;
    remedy: string;
  }

  /** How workers compute; null where no worker could say yet. `as_wished` is false when the fused loops cannot run. */
  interface EngineView {
    device: string | null;
    backend: "numba" | "torch" | null;
    why: string;
    as_wished: boolean;
  }

  /** RFC 9457 problem; `errors` has one entry per bad field. */
  interface Problem {
    type: string;
    title: string;
    status: number;
    detail: string;
    errors: FieldProblem[];
  }
}
