// What travels between server and page, made from the types in app/wire: change those, then run
// `make generated`. The forms that the page keeps: state/types.d.ts.
declare namespace Wire {
  type Cuts = "blocks" | "window";
  type TaskName = "copy" | "adding" | "recall" | "denoise" | "char" | "pixels";
  type Role = "viewer" | "controller";
  type Rule = "sab" | "truncated" | "full";
  type RunStatus = "queued" | "running" | "paused" | "finished" | "stopped" | "failed" | "diverged" | "interrupted";
  type VerdictWord = "learning" | "learned" | "lost again" | "at chance" | "standing still" | "attention dead" | "scorer saturated" | "diverged";
  type CommandType = "set_parameters" | "pause" | "resume" | "step" | "stop" | "checkpoint" | "reset" | "reseed";
  type Panel = "attention" | "gradients" | "paths" | "curves" | "health";
  type ExportFormat = "png" | "svg" | "pdf" | "pgf" | "html" | "csv" | "json" | "npz" | "parquet";
  type RunEvent = StatusFrame | MetricsFrame | LookFrame | ParametersFrame | AcknowledgedFrame | SupersededFrame | CheckpointFrame | QuarantinedFrame | RewoundFrame | SnapshotFrame;
  type Frame = HelloFrame | SubscribedFrame | StatusFrame | MetricsFrame | LookFrame | ParametersFrame | AcknowledgedFrame | SupersededFrame | CheckpointFrame | QuarantinedFrame | RewoundFrame | SnapshotFrame | AcceptedFrame | RejectedFrame | GapFrame | RunsFrame | RowFrame | PongFrame;
  type Message = Subscribe | Unsubscribe | CommandMessage | Ping;

  /** Which task: its length knob T in steps, how many symbols or pairs to remember, or the data set that it reads. */
  interface TaskSpec {
    name: TaskName;
    T: number;
    items: number | null;
    T_min: number | null;
    data: string | null;
    permuted: number | null;
    carry: boolean;
  }

  /** The network: method, sizes and the SAB knobs. */
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

  /** Optimiser and length of a training. */
  interface TrainingSpec {
    batch_size: number;
    learning_rate: number;
    clip_norm: number;
    updates: number;
    seed: number;
    phase: "fixed" | "random";
    scorer_rate: number;
    sum_floor: number;
    rate_decay: number;
    weight_decay: number;
    until: string | null;
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
    k_top?: number;
    k_trunc?: number;
    k_att?: number;
    learning_rate?: number;
    clip_norm?: number;
  }

  /** A request to a run; it takes effect between two updates and is acknowledged by an event. */
  interface Command {
    type: CommandType;
    parameters?: Parameters | null;
    command_id?: string | null;
    base_version?: number | null;
  }

  /** What a person writes on a run; what is left out stays as it is. */
  interface RunPatch {
    name?: string | null;
    note?: string;
    tags?: string[];
    starred?: boolean;
  }

  /** Runs to be compared: a base, and by dotted names the values that are tried in every combination. */
  interface GroupRequest {
    name?: string | null;
    group?: string | null;
    base?: Record<string, unknown>;
    grid?: Record<string, unknown[]>;
    seeds?: number[];
  }

  /** The knobs of the network that a branch may begin with otherwise. */
  interface BranchModel {
    k_top?: number;
    k_trunc?: number;
    k_att?: number;
  }

  /** What of the training a branch may have otherwise; `updates` are counted from the parent's beginning. */
  interface BranchTraining {
    learning_rate?: number;
    clip_norm?: number;
    updates?: number;
    until?: string | null;
  }

  /** A run that goes on from stored weights of another; what is left out is as it was there. */
  interface BranchRequest {
    update?: number | null;
    name?: string | null;
    model?: BranchModel;
    training?: BranchTraining;
  }

  /** A link to come in by, and for how many minutes it is good. */
  interface LinkWish {
    role?: Role;
    minutes?: number | null;
  }

  /** A question to a network: which way does credit go? Its weights are never touched. */
  interface ProbeRequest {
    run?: string | null;
    checkpoint?: string | null;
    preset?: string | null;
    update?: number | null;
    example?: number;
    inputs?: number[][] | number[] | string | null;
    loss_step?: number | null;
    k_top?: number;
    k_trunc?: number;
    k_att?: number;
    knocked_out?: [number, number][];
    phase?: number;
    cuts?: Cuts;
    rules?: Rule[];
    share?: number;
  }

  /** A data set: `data` is what `task.data` says of it, `bpc` what guessing costs of a text, `shape` of images. */
  interface DataView {
    data: string;
    task: "char" | "pixels";
    origin: "bundled" | "sent" | "file";
    title: string;
    sha256: string;
    size_bytes: number;
    licence: string;
    source: string;
    chance: Record<string, number>;
    bpc: number | null;
    symbols: string | null;
    characters: number | null;
    shape: number[] | null;
    classes: string[] | null;
    training: number;
    held_out: number;
  }

  /** What is wrong with one field, and how to mend it. */
  interface FieldProblem {
    field: string;
    value: unknown;
    range: string;
    remedy: string;
  }

  /** RFC 9457 problem; `errors` has one entry per bad field. */
  interface Problem {
    type: string;
    title: string;
    status: number;
    detail: string;
    errors: FieldProblem[];
  }

  /** The best that a run came to on unseen examples, and at which update. */
  interface BestView {
    metric: string;
    value: number;
    update: number;
  }

  /** The run that one is a copy of, on the server where it was started, and when; null where nobody knows. */
  interface BornView {
    run: string;
    started: string | null;
  }

  /** A command that was accepted; the run says by an event when it is done. */
  interface CommandAnswer {
    run: string;
    type: CommandType;
    command_id: string;
    status: RunStatus;
    params_version: number;
  }

  /** A figure that runs of a group are judged by. */
  interface GroupMetric {
    name: string;
    unit: string;
    better: "higher" | "lower";
  }

  /** What came of a group: `axes` are the dotted names in which its runs differ, in the order of a run's form. */
  interface GroupResults {
    group: string;
    name: string;
    axes: string[];
    metrics: GroupMetric[];
    rows: GroupRow[];
  }

  /** A run of a group: what it has of its own, and what came of it. */
  interface GroupRow {
    run: string;
    name: string;
    attempt: number;
    seq: number;
    status: RunStatus;
    reason: string | null;
    update: number;
    updates: number;
    values: Record<string, boolean | number | string | null>;
    fresh: Record<string, number | null>;
    best: BestView | null;
    verdict: VerdictWord | null;
    seconds: number;
    steered: boolean;
  }

  /** A group that was started, with its runs in the order of the grid. */
  interface GroupView {
    group: string;
    name: string;
    runs: RunView[];
  }

  /** Health at the last look (docs/verdict.md); null where a network has no such thing, or it is not finite. */
  interface NetworkHealth {
    saturated: number | null;
    dead: number | null;
    near_tied: number | null;
    largest_state: number | null;
    moved_recurrent: number | null;
    moved_scorer: number | null;
    moved_readout: number | null;
    norm_median: number | null;
    norm_p99: number | null;
  }

  /** The run and update whose weights a run began with; `name` is null where that run is not on this server. */
  interface ParentView {
    run: string;
    name: string | null;
    update: number;
  }

  /** The knobs in force, and what of the spec a caption needs; k_trunc = 0 means no cut. */
  interface RunParameters {
    k_top: number;
    k_trunc: number;
    k_att: number;
    learning_rate: number;
    clip_norm: number;
    normalizer: "shift" | "softmax";
    variant: "paper" | "release";
    phase: "fixed" | "random";
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
    parameters: RunParameters;
    params_version: number;
    metrics: Record<string, number | null>;
    spec: RunSpec;
    preset: string | null;
    seq: number;
    skipped: number;
    engine: string | null;
    updates_per_s: number | null;
    trained_per_s: number | null;
    trained_s: number;
    snapshots: number;
    checkpoint: string | null;
    checkpoint_update: number | null;
    waits: string | null;
    stalled: string | null;
    missing: string | null;
    created: string;
    imported: BornView | null;
    verdict: VerdictView | null;
    health: NetworkHealth | null;
    chance: Record<string, number>;
    best: BestView | null;
    fresh: Record<string, number | null>;
    group: string | null;
    group_name: string | null;
    parent: ParentView | null;
    note: string;
    tags: string[];
    starred: boolean;
  }

  /** What became of a run, by the rule of docs/verdict.md; `update` is that of which the label speaks. */
  interface VerdictView {
    word: VerdictWord;
    label: string;
    sentence: string;
    advice: string;
    update: number | null;
  }

  /** How workers compute; null where no worker could say yet. `as_wished` is false when faster code should run there */
  interface EngineView {
    device: string | null;
    backend: string | null;
    why: string;
    as_wished: boolean;
    cores: number | null;
    threads: number | null;
  }

  /** That the server answers at all. */
  interface Health {
    status: "ok";
  }

  /** An address that lets a browser in: once as a controller, and any browser as a viewer, until its time is over. */
  interface LinkView {
    url: string;
    role: Role;
    minutes: number;
  }

  /** What a preset trains; a run of it may change any of it. */
  interface PresetSpec {
    task: TaskSpec;
    model: ModelSpec;
    training: TrainingSpec;
  }

  /** A preset as the API shows it; `history`: snapshots and curves of its training came along. */
  interface PresetView {
    name: string;
    title: string;
    description: string;
    spec: PresetSpec;
    metrics: Record<string, number | null>;
    command: string | null;
    update: number | null;
    learning: SeedsThatLearn | null;
    verdict: VerdictView | null;
    health: NetworkHealth | null;
    chance: Record<string, number>;
    pretrained: boolean;
    history: boolean;
  }

  /** How surely a preset learns, measured by `sab bench learn`; `seconds` is the median of the seeds that did. */
  interface SeedsThatLearn {
    reached: number;
    of: number;
    seconds: number | null;
  }

  /** A figure that a task is judged by. */
  interface TaskMetric {
    name: string;
    unit: string;
    better: "higher" | "lower";
    description: string;
  }

  /** A number that a task takes, with its range. */
  interface TaskParameter {
    name: string;
    default: number;
    minimum: number;
    maximum: number;
    unit: string;
    description: string;
  }

  /** A task as the API shows it; `fields` are those of `task` that a run of it may set, beside the name. */
  interface TaskView {
    name: string;
    title: string;
    description: string;
    kind: "classes" | "values";
    inputs: string;
    fields: string[];
    parameters: TaskParameter[];
    metrics: TaskMetric[];
    chance: Record<string, number>;
    true_sources: string;
  }

  /** Curves as columns, one entry an update; null where a number is not finite or was not measured. */
  interface Curves {
    update: number[];
    loss: (number | null)[];
    gradient_norm: (number | null)[];
    learning_rate: (number | null)[];
    skipped: (0 | 1)[];
    values: Record<string, (number | null)[]>;
    changes: KnobChange[];
    looks: LookCurves;
  }

  /** The knobs in force from `update` + 1 on. */
  interface KnobChange {
    update: number;
    parameters: RunParameters;
    params_version: number;
  }

  /** What looks saw, one entry a look: the figures of NetworkHealth, and metrics where unseen examples were due. */
  interface LookCurves {
    update: number[];
    health: Record<string, (number | null)[]>;
    fresh: Record<string, (number | null)[]>;
  }

  /** The curves of a preset's training. */
  interface PresetCurves {
    update: number[];
    loss: (number | null)[];
    gradient_norm: (number | null)[];
    learning_rate: (number | null)[];
    skipped: (0 | 1)[];
    values: Record<string, (number | null)[]>;
    changes: KnobChange[];
    looks: LookCurves;
    preset: string;
  }

  /** Updates of a preset's training that have a snapshot. */
  interface PresetSnapshots {
    preset: string;
    updates: number[];
  }

  /** The curves of a run's current attempt, up to its event `seq`. */
  interface RunCurves {
    update: number[];
    loss: (number | null)[];
    gradient_norm: (number | null)[];
    learning_rate: (number | null)[];
    skipped: (0 | 1)[];
    values: Record<string, (number | null)[]>;
    changes: KnobChange[];
    looks: LookCurves;
    run: string;
    attempt: number;
    seq: number;
  }

  /** Updates of a run's current attempt that have a snapshot, and those that have a checkpoint. */
  interface RunSnapshots {
    run: string;
    attempt: number;
    updates: number[];
    checkpoints: StoredNetwork[];
  }

  /** Weights that a run left behind. */
  interface StoredNetwork {
    update: number;
    checkpoint: string;
    size_bytes: number;
  }

  /** A checkpoint that a person sent: the name it is stored under, and what is in it. */
  interface UploadedNetwork {
    checkpoint: string;
    spec: RunSpec;
    update: number;
    size_bytes: number;
  }

  /** Chosen memories, one entry per (reader, source); source −1 is the empty initial memory. */
  interface Attention {
    reader: number[];
    source: number[];
    weight: (number | null)[];
    score: (number | null)[];
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

  /** A chain of edges from the loss step back; strength is its smallest credit. */
  interface Path {
    steps: number[];
    kinds: ("skip" | "local")[];
    strength: number | null;
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
    data: string;
    permuted: number | null;
    shape: number[];
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
    cuts: Cuts;
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

  /** One identity of the specification, and how far the weights at hand are from it; null: not a finite number. */
  interface Identity {
    name: string;
    statement: string;
    difference: number | null;
    tolerance: number;
    holds: boolean;
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

  /** Chosen memories in order of readers: how many each step reads, and which. */
  interface PackedAttention {
    counts: Uint16Array;
    source: Int16Array;
    weight: Float32Array;
    score: Float32Array;
  }

  /** Credits of a few chosen memories, by their place in the attention. */
  interface SparseCredit {
    at: Int32Array;
    value: Float32Array;
  }

  /** Local edges; the source is the step before the reader. */
  interface LocalEdges {
    reader: Uint16Array;
    credit: Float32Array;
    credit_hidden: Float32Array;
    credit_cell: Float32Array;
  }

  /** Skip edges over memories that were not chosen. */
  interface OtherEdges {
    reader: Uint16Array;
    source: Uint16Array;
    credit: Float32Array;
    weight: Float32Array;
    chosen: Uint8Array;
  }

  /** Edges without what the attention says already; a credit for each chosen memory (0: no edge), or a few of them. */
  interface PackedEdges {
    credit: Float32Array | SparseCredit;
    local: LocalEdges;
    rest: OtherEdges;
  }

  /** Paths as a tree of steps: each node names its parent (−1: none), each path its last node. */
  interface PathTree {
    parent: Int32Array;
    step: Uint16Array;
    kind: Uint8Array;
    end: Int32Array;
    strength: Float32Array;
  }

  /** A trace as it travels (packing.py); `format` tells readers what to expect. */
  interface PackedTrace {
    update: number;
    example: number;
    loss_step: number | null;
    task: TraceTask;
    parameters: TraceParameters;
    steps: number;
    inputs: (number | number[] | null)[];
    targets: (number | number[] | null)[];
    predictions: (number | number[] | null)[];
    loss_T: Float32Array;
    loss: number | null;
    metrics: Record<string, number | null>;
    true_sources: Record<string, number[]>;
    memories: Int16Array;
    cuts: Uint16Array;
    gradient_norm: Record<string, Float32Array>;
    gradient_norm_cell: Record<string, Float32Array>;
    paths_hidden: number;
    share: number;
    skip_credit: number | null;
    reach: Record<string, [number, number][]>;
    hits: Record<string, boolean | null>;
    hit_rate: number | null;
    knocked_out: [number, number][];
    nonfinite: number;
    format: number;
    attention: PackedAttention;
    edges: PackedEdges;
    paths: PathTree;
  }

  /** The command that is carried out. */
  interface AcknowledgedData {
    command_id: string;
    type: CommandType;
  }

  /** A file that is not what it should be, the update it was to have, and why. */
  interface QuarantinedData {
    name: string | null;
    update: number;
    why: string;
  }

  /** Commands that were taken and will not be carried out, and why. */
  interface SupersededData {
    commands: string[];
    why: string;
  }

  /** The first frame of a connection; `epoch` names the start of the server. */
  interface HelloFrame {
    kind: "hello";
    epoch: string;
    version: string;
  }

  /** Answer to subscribe: the run as it is now. */
  interface SubscribedFrame {
    kind: "subscribed";
    run: string;
    seq: number;
    view: RunView;
  }

  /** All that may have changed with the status. */
  interface StatusData {
    status: RunStatus;
    reason: string | null;
    parameters: RunParameters;
    params_version: number;
    metrics: Record<string, number | null>;
    updates_per_s: number | null;
    skipped: number;
  }

  /** The run is in another status, or says its figures anew. */
  interface StatusFrame {
    run: string;
    attempt: number;
    seq: number;
    update: number;
    kind: "status";
    data: StatusData;
  }

  /** Figures of some updates in columns; `values` are those of the task. */
  interface MetricsData {
    update: Int32Array;
    loss: Float32Array;
    gradient_norm: Float32Array;
    learning_rate: Float32Array;
    skipped: Uint8Array;
    values: Record<string, Float32Array>;
    updates_per_s: number | null;
    seconds: number | null;
  }

  /** The run made updates. */
  interface MetricsFrame {
    run: string;
    attempt: number;
    seq: number;
    update: number;
    kind: "metrics";
    data: MetricsData;
  }

  /** A look at the network: the figures of NetworkHealth, NaN for null; `fresh` is empty unless examples were due. */
  interface LookData {
    update: Int32Array;
    health: Record<string, Float32Array>;
    fresh: Record<string, Float32Array>;
    verdict: VerdictView | null;
  }

  /** Somebody looked at the network, and this is what became of the run by now. */
  interface LookFrame {
    run: string;
    attempt: number;
    seq: number;
    update: number;
    kind: "look";
    data: LookData;
  }

  /** The knobs in force, and the command that brought them; of those that came with it, which count and which do not. */
  interface ParametersData {
    command_id: string;
    parameters: RunParameters;
    params_version: number;
    applied: string[];
    superseded: string[];
  }

  /** Knobs were turned: in force from `update` + 1 on. */
  interface ParametersFrame {
    run: string;
    attempt: number;
    seq: number;
    update: number;
    kind: "parameters";
    data: ParametersData;
  }

  /** A command is carried out. */
  interface AcknowledgedFrame {
    run: string;
    attempt: number;
    seq: number;
    update: number;
    kind: "acknowledged";
    data: AcknowledgedData;
  }

  /** What came after them, or the end of the run, took the place of commands. */
  interface SupersededFrame {
    run: string;
    attempt: number;
    seq: number;
    update: number;
    kind: "superseded";
    data: SupersededData;
  }

  /** A checkpoint was refused and put aside; the run goes on from the one before. */
  interface QuarantinedFrame {
    run: string;
    attempt: number;
    seq: number;
    update: number;
    kind: "quarantined";
    data: QuarantinedData;
  }

  /** Where the weights of an update are. */
  interface CheckpointData {
    checkpoint: string;
    size_bytes: number;
    update: number;
  }

  /** Weights are stored; those of a diverged run are of an earlier update than the frame. */
  interface CheckpointFrame {
    run: string;
    attempt: number;
    seq: number;
    update: number;
    kind: "checkpoint";
    data: CheckpointData;
  }

  /** The attempt that begins, and the run that keeps the one before; null where that had made no update. */
  interface RewoundData {
    command_id: string;
    attempt: number;
    seed: number;
    kept: string | null;
  }

  /** Reset or reseed: everything before is void. */
  interface RewoundFrame {
    run: string;
    attempt: number;
    seq: number;
    update: number;
    kind: "rewound";
    data: RewoundData;
  }

  /** The newest picture, packed in bytes of its own; it has no seq of its own and carries the last one. */
  interface SnapshotFrame {
    run: string;
    attempt: number;
    seq: number;
    update: number;
    kind: "snapshot";
    trace: Uint8Array;
  }

  /** A trace that a page asked for over HTTP: which network it is of, and the bytes of its packed form. */
  interface TraceFrame {
    kind: "trace";
    run: string | null;
    preset: string | null;
    checkpoint: string | null;
    trace: Uint8Array;
  }

  /** A message that was not obeyed, to its sender only. */
  interface RejectedFrame {
    kind: "rejected";
    run: string | null;
    command_id: string | null;
    problem: Problem;
  }

  /** Events that could not be sent. */
  interface GapFrame {
    kind: "gap";
    run: string;
    from: number;
    to: number;
    reason: string;
  }

  /** The server has taken a command, to its sender only; what it did comes as events of the run. */
  interface AcceptedFrame {
    kind: "accepted";
    run: string;
    command_id: string;
    params_version: number;
  }

  /** Answer to a ping: the connection holds. */
  interface PongFrame {
    kind: "pong";
  }

  /** The newest runs, newest first, and how many there are in all; those beyond are asked for over HTTP. */
  interface RunsFrame {
    kind: "runs";
    runs: RunView[];
    total: number;
  }

  /** One row of the list of runs is new or another one now; null for a run that was deleted. */
  interface RowFrame {
    kind: "row";
    run: string;
    view: RunView | null;
  }

  /** Send every event of a run above `after`, null for all, then those that come. */
  interface Subscribe {
    type: "subscribe";
    run: string;
    after: number | null;
  }

  /** Send no more of a run. */
  interface Unsubscribe {
    type: "unsubscribe";
    run: string;
  }

  /** A command to a run. */
  interface CommandMessage {
    type: "command";
    run: string;
    command: Command;
  }

  /** Is anybody there? A page asks when it has heard nothing for a while. */
  interface Ping {
    type: "ping";
  }
}
