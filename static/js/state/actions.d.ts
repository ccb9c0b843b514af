// Everything that may happen to the store (store.js), told apart by `type`; the reducers narrow by it. No code.
// One union a family, named by what stands before the slash. A stop, an end or a release carries nothing.

/** An action that says nothing beside its name. */
interface Plain<Type extends string> {
  type: Type;
}

type KnobAction =
  | {
      type: "knob/turn";
      name: KnobName;
      from: number;
      value: number;
      /** null on a stored network */ command: string | null;
    }
  | { type: "knob/move"; name: KnobName; value: number }
  | { type: "knob/refused"; name: KnobName; detail: string }
  /** what was refused is being put right */
  | { type: "knob/edited"; name: KnobName; problem: string | null }
  | Plain<"knob/release">;

type ArcAction =
  | { type: "arc/choose" | "arc/knock" | "arc/restore"; arc: Pair }
  | Plain<"arc/clear" | "arc/undo" | "arc/redo">
  | { type: "arc/before"; key: string; trace: Trace }
  | { type: "arc/before-failed"; key: string };

type WalkAction =
  { type: "walk/step"; by: number } | { type: "walk/play"; on: boolean } | Plain<"walk/first" | "walk/end">;

type ProofAction =
  | Plain<"proof/ask">
  | { type: "proof/answer"; asked: number; answer: Wire.SelfCheck }
  | { type: "proof/failed"; asked: number; problem: Problem };

type BaselineAction =
  | { type: "baseline/pin"; target: Target; name: string }
  | {
      type: "baseline/loaded";
      target: Target;
      name: string;
      trace: Trace;
      metrics: Pick<Wire.Curves, keyof Metrics> | null;
    }
  | { type: "baseline/failed"; target: Target; problem: Problem }
  | { type: "baseline/difference"; on: boolean }
  | Plain<"baseline/earlier" | "baseline/release">;

type KeptAction = { type: "kept/pin"; step: number } | { type: "kept/range"; range: Pair | null };

type ViewAction =
  | { type: "view/step"; step: number | null; memory?: number | null }
  | { type: "view/span"; span: StepSpan | null }
  | { type: "view/memory"; memory: number }
  | { type: "view/whole" | "view/follow" | "view/play" | "view/cell"; on: boolean }
  | Plain<"view/release">
  | { type: "view/hover"; step?: number | null; memory?: number | null }
  | { type: "view/update"; update: number }
  | { type: "view/example"; example: number }
  | { type: "view/own"; text: string | null }
  | { type: "view/share"; share: number }
  | { type: "view/cutting"; cutting: Partial<State["cutting"]> }
  | { type: "view/scale"; each: boolean }
  | { type: "view/lock"; range: [low: number, high: number] | null }
  | { type: "view/theme"; theme: State["theme"] }
  | { type: "view/preset"; preset: string }
  | { type: "view/restore"; view: Partial<State> }
  | { type: "view/tour"; stop: number | null };

/** What the server said, asked by the drivers or over the stream, and what goes wrong. */
type ServerAction =
  | { type: "presets"; presets: Preset[] }
  | { type: "engine"; view: Wire.EngineView }
  | { type: "runs"; runs: RunView[] }
  | { type: "row"; run: string; view: RunView | null }
  | { type: "open"; target: Target; run?: RunView | null; view?: Partial<State> }
  | { type: "frame"; message: Wire.Frame; at: number }
  | { type: "link"; status: State["link"]["status"]; retryAt?: number; away?: boolean }
  | { type: "probe/sent"; key: string; at: number }
  | { type: "probe/answer"; key: string; trace: Trace }
  | Plain<"probe/dropped">
  | { type: "probe/failed"; key: string; problem: Problem }
  | { type: "snapshot"; target: Target; trace: Trace }
  | { type: "snapshots"; target: Target; updates: number[]; networks: number[] }
  | ({ type: "metrics"; target: Target } & Wire.Curves)
  | { type: "hits/answer"; key: string; found: Wire.BatchHits }
  | { type: "hits/failed"; key: string }
  | { type: "notice"; text: string | null }
  | { type: "problem"; problem: Problem | null };

type Action =
  KnobAction | ArcAction | WalkAction | ProofAction | BaselineAction | KeptAction | ViewAction | ServerAction;
