// Tables: a row for each value of some labels, and columns out of many queries.
import { TableCellDisplayMode, type TableCellOptions } from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorModeId,
  type DashboardLink,
  type DataTransformerConfig,
  type DynamicConfigValue,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { TARGET_LABELS } from '../catalogue.ts';
import { built } from '../links.ts';
import type { Vector } from '../promql.ts';
import { mapping, panel, refId, thresholds, type Format, type Look, type Panel } from './panel.ts';

/** A query, and how its value is shown, `empty` if there is none; or one that gives labels as columns, and whose value says nothing. */
export type Column = { readonly expr: Vector } & (
  ({ readonly name: string; readonly empty?: string } & Format) | { readonly labels: readonly string[] }
);

interface TableLook extends Look {
  /** the labels that tell rows apart; each query must give one series for each */
  readonly rows: readonly [string, ...string[]];
  /** the column by which they are sorted, and whether its highest value comes first */
  readonly sort: { readonly by: string; readonly highestFirst: boolean };
  /** where a click on the first of the labels leads */
  readonly rowLink?: Pick<DashboardLink, 'title' | 'url'>;
}

/** Throws for a query whose series have labels that are neither rows nor columns: they would multiply rows. */
export function table(title: string, columns: readonly Column[], look: TableLook): Panel {
  for (const column of columns) {
    const known = [...look.rows, ...('labels' in column ? column.labels : [])];
    const stray = column.expr.labels.find((label) => !known.includes(label));
    if (stray !== undefined) throw new Error(`${title}: the label ${stray} is neither row nor column`);
  }
  const lines = columns.map(({ expr }) => ['', expr] as const);
  return panel(title, lines, look, 'rows', () => {
    const builder = new TableBuilder()
      .colorScheme(built({ mode: FieldColorModeId.Thresholds }))
      .sortBy([built({ displayName: look.sort.by, desc: look.sort.highestFirst })])
      .transformations([{ id: 'merge', options: {} }, organised(columns, look)]);
    if (look.rowLink) builder.overrideByName(look.rows[0], [{ id: 'links', value: [look.rowLink] }]);
    for (const column of columns) {
      if ('name' in column) builder.overrideByName(column.name, shown(column));
      else for (const label of column.labels) builder.overrideByName(label, [emptyCell()]);
    }
    return builder;
  });
}

/** Rows' labels first, then the columns in their order; a value is called `Value #A` after its query until it gets its name. */
function organised(columns: readonly Column[], { rows }: TableLook): DataTransformerConfig {
  const value = (index: number) => `Value #${refId(index)}`;
  const unwanted = columns.flatMap((column, index) => ('labels' in column ? [value(index)] : []));
  const targets = TARGET_LABELS.filter((label) => !rows.includes(label));
  const order = columns.flatMap((column, index) => ('labels' in column ? column.labels : [value(index)]));
  return {
    id: 'organize',
    options: {
      excludeByName: Object.fromEntries(['Time', '__name__', ...targets, ...unwanted].map((name) => [name, true])),
      indexByName: Object.fromEntries([...rows, ...order].map((name, index) => [name, index])),
      renameByName: Object.fromEntries(
        columns.flatMap((column, index) => ('name' in column ? [[value(index), column.name]] : [])),
      ),
    },
  };
}

function shown({ unit, decimals, min, max, steps, states, empty }: Format & { empty?: string }): DynamicConfigValue[] {
  const coloured: TableCellOptions = { type: TableCellDisplayMode.ColorBackground };
  const properties: readonly (readonly [string, unknown])[] = [
    ['unit', unit],
    ['decimals', decimals],
    ['min', min],
    ['max', max],
    ['thresholds', steps && thresholds(steps)],
    ['mappings', states && [mapping(states)]],
    ['custom.cellOptions', steps && coloured],
  ];
  return [emptyCell(empty), ...properties.flatMap(([id, value]) => (value === undefined ? [] : [{ id, value }]))];
}

/** The panel's own word for no data would be too long. */
function emptyCell(text = '-'): DynamicConfigValue {
  return { id: 'noValue', value: text };
}
