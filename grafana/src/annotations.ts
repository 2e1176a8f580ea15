// The marks on all dashboards, which explain most changes: restarts, new versions, failovers of the daemon.
import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { HOUR } from './limits.ts';
import { DATASOURCE } from './panel/panel.ts';
import { aggregate, gauge, over, promql, type Vector } from './promql.ts';

export interface Mark {
  readonly name: string;
  readonly colour: string;
  /** marked wherever this has a value */
  readonly expr: Vector;
}

const startTime = gauge('electrumx_start_time_seconds');
const primary = gauge('electrumx_daemon_primary');
const info = over('present_over_time', gauge('electrumx_info'), '10m');

export const MARKS: readonly Mark[] = [
  {
    // of a young server only: an exporter that restarts computes an old server's start anew, some seconds off
    name: 'ElectrumX restarted',
    colour: 'red',
    expr: promql`${over('changes', startTime, '2m')} > 0 and time() - ${startTime} < ${HOUR}`,
  },
  {
    name: 'Version changed',
    colour: 'blue',
    expr: promql`${aggregate('count', info, { by: ['job', 'instance'] })} > 1`,
  },
  { name: 'Daemon switched', colour: 'orange', expr: promql`${over('changes', primary, '2m')} > 0` },
];

/** The mark as an annotation of a dashboard, for the servers that match `scope`. */
export function annotation({ name, colour, expr }: Mark, scope: string): AnnotationQueryBuilder {
  const target = new DataqueryBuilder().expr(expr.text(scope)).interval('60s').refId('Mark');
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor(colour)
    .target(target)
    .titleFormat(name)
    .textFormat('{{instance}}');
}
