// What the browser gets to draw, and what it reports: the contract between the two halves of the preview.

/** A panel of a dashboard's JSON, as far as it is drawn. Rows have no targets. */
export interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly TargetJson[];
  readonly transformations?: readonly { readonly id: string; readonly options: object }[];
  readonly fieldConfig?: FieldConfigJson;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly links?: readonly { readonly title: string; readonly url?: string }[];
  /** the variable for each value of which the panel or row is drawn once */
  readonly repeat?: string;
  readonly collapsed?: boolean;
  /** of a collapsed row */
  readonly panels?: readonly PanelJson[];
}

export interface FieldConfigJson {
  readonly defaults: Readonly<Record<string, unknown>>;
  readonly overrides: readonly {
    readonly matcher: { readonly id: string; readonly options?: unknown };
    readonly properties: readonly { readonly id: string; readonly value?: unknown }[];
  }[];
}

export interface TargetJson {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat?: string;
  readonly instant?: boolean;
  readonly range?: boolean;
  readonly format?: string;
}

/** A dashboard's JSON, as far as it is drawn. */
export interface DashboardJson {
  readonly uid: string;
  readonly title: string;
  readonly time: { readonly from: string };
  readonly panels: readonly PanelJson[];
  readonly templating: { readonly list: readonly VariableJson[] };
  readonly annotations: { readonly list: readonly AnnotationJson[] };
}

export interface VariableJson {
  readonly name: string;
  readonly type: string;
  readonly label?: string;
  readonly multi?: boolean;
  /** of a query variable: `label_values(selector, label)` */
  readonly definition?: string;
}

export interface AnnotationJson {
  readonly name: string;
  readonly iconColor?: string;
  readonly target?: { readonly expr: string; readonly interval?: string };
}

/** One series of a query's result; times in milliseconds. */
export interface SeriesResult {
  readonly labels: Readonly<Record<string, string>>;
  readonly times: readonly number[];
  readonly values: readonly number[];
}

/** A query's result, with the query that gave it. */
export interface TargetResult {
  readonly target: TargetJson;
  readonly series: readonly SeriesResult[];
  /** milliseconds between points of a range; where a point is missing, so is the line */
  readonly stepMs: number;
}

/** A panel that is drawn: variables resolved, repeats multiplied, queries answered. */
export interface PanelInput {
  readonly panel: PanelJson;
  readonly results: readonly TargetResult[];
}

/** A point in time that is marked in all panels over time. */
export interface Mark {
  readonly name: string;
  readonly colour: string;
  readonly time: number;
}

export interface DashboardInput {
  readonly title: string;
  /** shown above the panels, as `Instance: 127.0.0.1:10061` */
  readonly variables: readonly { readonly label: string; readonly value: string }[];
  readonly panels: readonly PanelInput[];
  readonly marks: readonly Mark[];
  /** milliseconds */
  readonly from: number;
  readonly to: number;
  readonly theme: 'dark' | 'light';
  /** of the page, in pixels */
  readonly width: number;
}

/** What is wrong with a drawn panel, or what you should know about it. */
export interface Finding {
  readonly panel: string;
  /**
   * - `threw`: its component failed
   * - `empty`: none of its queries has data; `text` is the reason that it shows
   * - `unexplained`: it is empty, and shows no reason
   * - `overflow`: a text does not fit where it is
   * - `unit`: Grafana does not know a unit, or none is set
   * - `approximation`: Grafana's component for it is not public: the preview draws a similar one
   */
  readonly kind: 'threw' | 'empty' | 'unexplained' | 'overflow' | 'unit' | 'approximation';
  readonly text: string;
}
