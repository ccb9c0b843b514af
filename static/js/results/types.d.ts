// What the page of results keeps, as types: its own store. No code.

declare namespace Results {
  type Row = Wire.GroupRow;

  /** What is shown, and what a link holds. */
  interface Choice {
    /** null: the most telling one of the task */
    metric: string | null;
    /** dotted names; null: chosen by what there is */
    x: string | null;
    y: string | null;
    /** of the other settings, the one value that is shown, as text; those left out show all */
    held: Readonly<Record<string, string>>;
    /** a column of the table, with - in front for falling; null: best first */
    sort: string | null;
  }

  interface State {
    group: string;
    results: Wire.GroupResults | null;
    problem: Problem | null;
    /** raised whenever the rows are wanted anew, and the one that they came for */
    wanted: number;
    got: number;
    greeted: boolean;
    choice: Choice;
    link: { status: "idle" | "connecting" | "open" | "lost"; retryAt: number };
    theme: "auto" | "light" | "dark";
    /** what went wrong with a file */
    notice: string | null;
  }

  type Action =
    | { type: "rows"; version: number; results: Wire.GroupResults }
    | { type: "rows/failed"; version: number; problem: Problem }
    | { type: "choose"; choice: Partial<Choice> }
    | { type: "frame"; message: Wire.Frame; at: number }
    | { type: "link"; status: State["link"]["status"]; retryAt?: number }
    | { type: "view/theme"; theme: State["theme"] }
    | { type: "notice"; text: string | null };

  type Store = StoreOf<State, Action>;

  /** The values that trials have of one setting, in order. */
  interface Axis {
    path: string;
    name: string;
    /** whether all of them are numbers, so that distances between them mean something */
    numeric: boolean;
    values: readonly { text: string; number: number | null }[];
    /** place of each trial's value, by its run */
    places: ReadonlyMap<string, number>;
  }

  interface Metric {
    name: string;
    better: "higher" | "lower";
    unit: string;
    about: string;
  }

  /** Trials taken together. */
  interface Summary {
    of: number;
    /** how many of them have a figure, their mean, the least and the most */
    n: number;
    mean: number;
    low: number;
    high: number;
    learned: number;
    /** ended badly: failed or diverged; still to end */
    trouble: number;
    live: number;
  }

  interface Cell extends Summary {
    /** places on the axes */
    at: readonly number[];
    rows: readonly Row[];
  }

  /** All that the panels show, counted once from rows and choice. */
  interface View {
    all: readonly Row[];
    rows: readonly Row[];
    axes: readonly Axis[];
    /** settings, without the seed unless nothing else differs */
    settings: readonly Axis[];
    x: Axis | null;
    y: Axis | null;
    /** settings that neither is */
    others: readonly Axis[];
    held: Readonly<Record<string, string>>;
    metrics: readonly Metric[];
    metric: Metric;
    /** what trials are judged by in the headline */
    main: Metric;
    cells: readonly Cell[];
    /** trials of one setting each, by `main` */
    kinds: readonly Cell[];
  }

  interface Look {
    text: string;
    muted: string;
    line: string;
    edge: string;
    panel: string;
    warn: string;
    accent: string;
    curves: readonly string[];
    dark: boolean;
  }
}
