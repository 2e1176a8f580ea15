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
import { mapping, panel, refId, thresholds, type Format, type Look, type Panel, type States } from './panel.ts';

/** A query, and how its value is shown, `empty` if there is none; or one that gives labels as columns, and whose value is not shown. */
export type Column = { readonly expr: Vector } & (
  | ({ readonly name: string; readonly empty?: string; readonly width?: number } & Format)
  | { readonly labels: readonly string[] }
);

type Link = Pick<DashboardLink, 'title' | 'url'>;

/** How a label is shown. */
export interface LabelColumn {
  /** in pixels */
  readonly width?: number;
  readonly states?: States;
  /** where a click leads, given the address of the runbook */
  readonly link?: (runbookUrl: string) => Link;
  /** a label that only links read */
  readonly hidden?: 'for links';
}

interface TableLook extends Look {
  /** the labels that identify a row; each query must give one series for each */
  readonly rows: readonly [string, ...string[]];
  /** the column by which they are sorted, and whether its highest value comes first */
  readonly sort: { readonly by: string; readonly highestFirst: boolean };
  /** by label */
  readonly columns?: Readonly<Record<string, LabelColumn>>;
}

/** Narrower columns cut their headings. Grafana's own minimum of 150 pixels puts the last columns outside the panel. */
const MIN_WIDTH = 70;

/** Throws for a query whose series have labels that are neither rows nor columns: they would multiply rows. */
export function table(title: string, columns: readonly Column[], look: TableLook): Panel {
  for (const column of columns) {
    const known = [...look.rows, ...('labels' in column ? column.labels : [])];
    const stray = column.expr.labels.find((label) => !known.includes(label));
    if (stray !== undefined) throw new Error(`${title}: the label ${stray} is neither row nor column`);
  }
  const lines = columns.map(({ expr }) => ['', expr] as const);
  return panel({ title, lines, look, kind: 'rows' }, ({ rowRunbookUrl }) => {
    const builder = new TableBuilder()
      .colorScheme(built({ mode: FieldColorModeId.Thresholds }))
      .minWidth(MIN_WIDTH)
      .sortBy([built({ displayName: look.sort.by, desc: look.sort.highestFirst })])
      .transformations([{ id: 'merge', options: {} }, organised(columns, look)]);
    for (const column of columns) {
      if ('name' in column) builder.overrideByName(column.name, shown(column));
      else for (const label of column.labels) builder.overrideByName(label, [emptyCell()]);
    }
    for (const [label, column] of Object.entries(look.columns ?? {})) {
      builder.overrideByName(label, shownLabel(column, rowRunbookUrl));
    }
    return builder;
  });
}

function shownLabel({ width, states, link, hidden }: LabelColumn, runbookUrl: string): DynamicConfigValue[] {
  return given([
    ['custom.width', width],
    ['mappings', states && [mapping(states)]],
    // A label without a colour of its own would have that of the threshold.
    ['custom.cellOptions', states && hidden === undefined && hasColours(states) ? COLOURED : undefined],
    ['links', link && [link(runbookUrl)]],
    // Grafana 12, and 13
    ['custom.hidden', hidden && true],
    ['custom.hideFrom.viz', hidden && true],
  ]);
}

function hasColours(states: States): boolean {
  return Object.values(states).some(([, colour]) => colour !== 'transparent');
}

const COLOURED: TableCellOptions = { type: TableCellDisplayMode.ColorBackground };

/** The labels of rows first, then the columns in their order. The value of query A is called `Value #A` until it is renamed. */
function organised(columns: readonly Column[], { rows }: TableLook): DataTransformerConfig {
  const value = (index: number) => `Value #${refId(index)}`;
  // With one query, the value is called `Value`.
  const unwanted = columns.flatMap((column, index) => ('labels' in column ? [value(index), 'Value'] : []));
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

function shown(column: Format & { empty?: string; width?: number }): DynamicConfigValue[] {
  const { unit, decimals, min, max, steps, states, empty, width } = column;
  return [
    emptyCell(empty),
    ...given([
      ['unit', unit],
      ['decimals', decimals],
      ['min', min],
      ['max', max],
      ['thresholds', steps && thresholds(steps)],
      // Without those of tiles: a cell without a value has no colour.
      ['mappings', states ? [mapping(states)] : []],
      ['custom.cellOptions', steps && COLOURED],
      ['custom.width', width],
    ]),
  ];
}

function given(properties: readonly (readonly [string, unknown])[]): DynamicConfigValue[] {
  return properties.flatMap(([id, value]) => (value === undefined ? [] : [{ id, value }]));
}

/** The panel's reason for no data would be too long. */
function emptyCell(text = '-'): DynamicConfigValue {
  return { id: 'noValue', value: text };
}
