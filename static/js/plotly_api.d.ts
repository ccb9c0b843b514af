// The few calls of plotly.js that static/js/plotly.js makes; the library's own types are not needed for more.

interface PlotlyApi {
  react(element: HTMLElement, data: any[], layout: any, config: any): Promise<unknown>;
  relayout(element: HTMLElement, patch: any): Promise<unknown>;
  toImage(figure: { data: any[]; layout: any }, options: { format: string; width: number; height: number; scale?: number }): Promise<string>;
}
interface Window { Plotly?: PlotlyApi; }
