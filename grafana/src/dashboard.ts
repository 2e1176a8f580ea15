// A dashboard out of rows of panels: where each goes, the variables, and what is marked on all of them.
import { DATASOURCE, ON_INSTANCE, type Json, type Panel } from './panel.ts';
import { gauge, type Vector } from './promql.ts';

export interface Row {
  readonly title: string;
  /** in units of Grafana's grid, 30 pixels each */
  readonly height: number;
  readonly panels: readonly Panel[];
}

export interface Mark {
  readonly name: string;
  readonly colour: string;
  /** marked wherever this has a value */
  readonly expr: Vector;
}

export interface Dashboard {
  /** its name in links; must not change */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly Row[];
  readonly marks: readonly Mark[];
}

const WIDTH = 24;

/** The dashboard as Grafana's JSON, for provisioning or import. */
export function dashboardFile({ uid, title, description, rows, marks }: Dashboard): string {
  const dashboard = {
    annotations: { list: marks.map(annotation) },
    description,
    editable: false,
    graphTooltip: 1,
    links: [],
    panels: layOut(rows),
    refresh: '30s',
    schemaVersion: 39,
    tags: ['electrumx'],
    templating: { list: variables() },
    time: { from: 'now-6h', to: 'now' },
    timezone: 'browser',
    title,
    uid,
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

/** From left to right and from top to bottom. Throws for a row that is wider than the screen. */
function layOut(rows: readonly Row[]): Json {
  const placed: Json[] = [];
  let y = 0;
  for (const { title, height, panels } of rows) {
    placed.push({
      collapsed: false,
      gridPos: { h: 1, w: WIDTH, x: 0, y },
      id: placed.length + 1,
      panels: [],
      title,
      type: 'row',
    });
    y += 1;
    let x = 0;
    for (const { title: name, type, width, body } of panels) {
      if (x + width > WIDTH) throw new Error(`${title}: no room for ${name}`);
      placed.push({ ...body, gridPos: { h: height, w: width, x, y }, id: placed.length + 1, title: name, type });
      x += width;
    }
    y += height;
  }
  return placed;
}

function variables(): Json {
  const values = `label_values(${gauge('electrumx_up').text('')}, instance)`;
  return [
    { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus', hide: 0 },
    {
      name: 'instance',
      label: 'Instance',
      type: 'query',
      datasource: DATASOURCE,
      definition: values,
      query: { query: values, refId: 'instance' },
      includeAll: false,
      multi: false,
      refresh: 2,
      sort: 1,
      hide: 0,
    },
  ];
}

function annotation({ name, colour, expr }: Mark): Json {
  return {
    datasource: DATASOURCE,
    enable: true,
    expr: expr.text(ON_INSTANCE),
    iconColor: colour,
    name,
    step: '60s',
    titleFormat: name,
  };
}
