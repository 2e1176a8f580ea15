// Which groups cost more than ElectrumX lets a session cost: over the soft limit it is slowed down, over the hard one thrown out.
import { COLUMNS } from './columns.ts';
import { finite, text } from './format.ts';
import type { Row, Table } from './tables.ts';

export interface Limits {
  readonly soft: number;
  readonly hard: number;
}

/** ElectrumX's own COST_SOFT_LIMIT and COST_HARD_LIMIT, for those who run this with its environment, or else its defaults. */
export function limitsFrom(env: Readonly<Record<string, string | undefined>>): Limits {
  const limit = (name: string, fallback: number) => (/^\d+$/.test(env[name] ?? '') ? Number(env[name]) : fallback);
  return { soft: limit('COST_SOFT_LIMIT', 1000), hard: limit('COST_HARD_LIMIT', 10_000) };
}

/** The table of groups with one column more, that says `soft` or `hard`. A table without costs stays as it is. */
export function markLimits(table: Table, limits: Limits): Table {
  if (!table.columns.some(({ field }) => field === 'retained')) return table;
  const columns = [...table.columns, ...COLUMNS.groups.filter(({ field }) => field === 'over')];
  return { columns, rows: table.rows.map((row) => ({ ...row, over: over(row, limits) })) };
}

/** Each session of a subnet is charged with what the group costs and with what it retained; a hard limit of 0 means no limit. */
function over(row: Row, { soft, hard }: Limits): 'soft' | 'hard' | '' {
  const cost = (finite(row['cost']) ?? 0) + (finite(row['retained']) ?? 0);
  // groups by time of connecting (1.10.1 to 1.15, and kyuupichan's) weigh 3 %: their sum is not what is compared
  if (hard === 0 || /^t\d+$/.test(text(row['name']))) return '';
  return cost > hard ? 'hard' : cost > soft ? 'soft' : '';
}
