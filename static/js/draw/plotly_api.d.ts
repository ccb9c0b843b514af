// What of plotly.js our figures use (static/js/draw/plotly.js makes the calls); the library's own types are not needed
// for more.

interface PlotFont {
  color?: string;
  size?: number;
}
interface PlotLine {
  color: string;
  width: number;
  dash?: string;
  simplify?: boolean;
}
interface PlotTitle {
  text: string;
  side?: "right";
  standoff?: number;
  font?: PlotFont;
}
interface PlotMargin {
  l: number;
  r: number;
  t: number;
  b: number;
  autoexpand?: boolean;
}
type PlotColorScale = [place: number, color: string][];

interface PlotColorBar {
  thickness: number;
  outlinewidth: number;
  tickvals: number[];
  len: number;
  lenmode: "fraction";
  xpad: number;
  ypad: number;
  title: PlotTitle;
}
interface PlotMarker {
  /** numbers are places on the colour scale */
  color: string | number[];
  symbol?: string;
  size?: number;
  maxdisplayed?: number;
  line?: PlotLine;
  cmin?: number;
  cmax?: number;
  colorscale?: PlotColorScale;
  showscale?: boolean;
  colorbar?: PlotColorBar;
}
interface PlotScatter {
  type: "scatter";
  mode: "lines" | "markers" | "lines+markers";
  x: (number | null)[];
  y: (number | null)[];
  yaxis?: "y" | "y2" | "y3";
  name?: string;
  customdata?: string[];
  hovertemplate?: string | null;
  hoverinfo?: "skip";
  line?: PlotLine;
  marker?: PlotMarker;
  fill?: "toself";
  fillcolor?: string;
  legendgroup?: string;
  opacity?: number;
  connectgaps?: boolean;
  cliponaxis?: boolean;
  showlegend?: boolean;
}
interface PlotHeatmap {
  type: "heatmap";
  z: (number | null)[][];
  y0: number;
  dy: number;
  zmin: number;
  zmax: number;
  xgap: number;
  ygap: number;
  colorscale: PlotColorScale;
  colorbar: PlotColorBar;
  customdata: (string | number)[][][];
  hovertemplate: string;
  hoverongaps: boolean;
}
type PlotTrace = PlotScatter | PlotHeatmap;

interface PlotAxis {
  range?: [from: number, to: number];
  domain?: [from: number, to: number];
  type?: "log";
  title?: PlotTitle;
  tickvals?: number[];
  ticktext?: string[];
  nticks?: number;
  ticks?: "" | "outside";
  ticklen?: number;
  tickcolor?: string;
  ticklabeloverflow?: "allow";
  exponentformat?: "power";
  unifiedhovertitle?: { text: string };
  anchor?: "y2";
  overlaying?: "y";
  side?: "bottom";
  showgrid?: boolean;
  gridcolor?: string;
  zeroline?: boolean;
  fixedrange: boolean;
  visible?: boolean;
  automargin?: boolean;
}
interface PlotShape {
  type: "line";
  xref?: "paper";
  x0: number;
  x1: number;
  y0: number;
  y1: number;
  yref: "y" | "y2" | "paper";
  line: PlotLine;
}
interface PlotAnnotation {
  text: string;
  x: number;
  y: number;
  xref?: "x" | "paper";
  yref: "y" | "y2" | "paper";
  showarrow: false;
  xanchor: "left" | "right";
  yanchor: "top" | "middle" | "bottom";
  xshift?: number;
  yshift?: number;
  align?: "left";
  font: PlotFont;
}
interface PlotImage {
  source: string;
  xref: "paper";
  yref: "paper";
  xanchor: "left";
  yanchor: "top";
  x: number;
  y: number;
  sizex: number;
  sizey: number;
  sizing: "stretch";
  layer: "below" | "above";
}
interface PlotLayout {
  width: number;
  height?: number;
  margin: PlotMargin;
  paper_bgcolor: string;
  plot_bgcolor: string;
  font: PlotFont;
  xaxis: PlotAxis;
  yaxis: PlotAxis;
  yaxis2?: PlotAxis;
  yaxis3?: PlotAxis;
  shapes?: PlotShape[];
  annotations?: PlotAnnotation[];
  images?: PlotImage[];
  showlegend: boolean;
  legend?: { orientation: "h"; x: number; y: number; yanchor: "top"; font: PlotFont };
  hovermode: "closest" | "x unified";
  hoverdistance?: number;
  hoversubplots?: "axis";
  dragmode: false;
  uirevision: "keep";
  hoverlabel: { bgcolor: string; bordercolor: string; font: PlotFont };
}
interface Figure {
  data: PlotTrace[];
  layout: PlotLayout;
}

/** An element that Plotly has drawn into: what it drew lies on it. */
interface PlottedElement extends HTMLElement {
  data: PlotTrace[];
  layout: PlotLayout & { height: number };
}
interface PlotConfig {
  displayModeBar: boolean;
  responsive: boolean;
  showTips: boolean;
  doubleClick: false;
}
interface PlotlyApi {
  react(element: HTMLElement, data: PlotTrace[], layout: PlotLayout, config: PlotConfig): Promise<unknown>;
  toImage(figure: Figure, options: { format: string; width: number; height: number; scale?: number }): Promise<string>;
}
interface Window {
  Plotly?: PlotlyApi;
}
