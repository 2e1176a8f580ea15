// The variables at the top of a dashboard, and what they add to its queries.
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DATASOURCE } from './panel/panel.ts';
import { gauge } from './promql.ts';

/** What a dashboard is about. */
export interface Subject {
  /** added to every selector */
  readonly scope: string;
  /** the values of each variable but the data source: those of a label in the series of a selector */
  readonly variables: readonly Variable[];
}

interface Variable {
  readonly label: 'job' | 'instance';
  readonly title: string;
  /** what narrows the choice */
  readonly scope: string;
  readonly many: boolean;
}

export const ONE_SERVER: Subject = {
  scope: 'job="$job",instance="$instance"',
  variables: [
    { label: 'job', title: 'Job', scope: '', many: false },
    { label: 'instance', title: 'Instance', scope: 'job="$job"', many: false },
  ],
};

export const ALL_SERVERS: Subject = {
  scope: 'job=~"$job"',
  variables: [{ label: 'job', title: 'Job', scope: '', many: true }],
};

/** The series whose labels are the choice. */
export function choices({ scope }: Variable): string {
  return gauge('electrumx_up').text(scope);
}

/** The variables of a dashboard: its data source, then what it is about. */
export function variables(subject: Subject): (DatasourceVariableBuilder | QueryVariableBuilder)[] {
  const datasource = new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus');
  return [datasource, ...subject.variables.map(variable)];
}

function variable(choice: Variable): QueryVariableBuilder {
  const query = `label_values(${choices(choice)}, ${choice.label})`;
  const builder = new QueryVariableBuilder(choice.label)
    .label(choice.title)
    .datasource(DATASOURCE)
    .query({ query, refId: choice.label })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc)
    .multi(choice.many)
    .includeAll(choice.many);
  return choice.many ? builder.current({ text: ['All'], value: ['$__all'] }) : builder;
}
