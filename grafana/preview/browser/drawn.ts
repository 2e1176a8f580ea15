// The input of a panel's component: data with their configuration, and where to draw them.
import type { DataFrame, FieldConfigSource, GrafanaTheme2, InterpolateFunction } from '@grafana/data';
import type { Mark } from '../input.ts';

export interface Drawn {
  readonly frames: DataFrame[];
  readonly fieldConfig: FieldConfigSource;
  readonly options: Readonly<Record<string, unknown>>;
  readonly theme: GrafanaTheme2;
  readonly marks: readonly Mark[];
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly height: number;
  readonly replaceVariables: InterpolateFunction;
}
