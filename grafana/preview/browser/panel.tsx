// One panel: its frame with title and description, its data with field configuration, and the component of its type.
import {
  applyFieldOverrides,
  cacheFieldDisplayNames,
  standardTransformersRegistry,
  transformDataFrame,
  type DataFrame,
  type DataTransformerConfig,
  type FieldConfigOptionsRegistry,
  type FieldConfigSource,
  type GrafanaTheme2,
  type InterpolateFunction,
} from '@grafana/data';
import { PanelChrome } from '@grafana/ui';
import { Component, useEffect, useState, type ComponentType, type JSX, type ReactNode } from 'react';
import { lastValueFrom } from 'rxjs';
import type { DashboardInput, Finding, PanelInput } from '../input.ts';
import type { Drawn } from './drawn.ts';
import { unknownUnits } from './fields.ts';
import { framesOf } from './frames.ts';
import { Bars, Dial, Stat } from './numbers.tsx';
import { Lines, States } from './over-time.tsx';
import { Table } from './table.tsx';

interface Kind {
  readonly component: ComponentType<Drawn>;
  /** Grafana's component is not public. */
  readonly approximation?: true;
  /** It shows the reason for missing data itself, as a value. */
  readonly showsNoValue?: true;
}

const KINDS: Readonly<Record<string, Kind>> = {
  stat: { component: Stat, showsNoValue: true },
  bargauge: { component: Bars, showsNoValue: true },
  gauge: { component: Dial, approximation: true, showsNoValue: true },
  timeseries: { component: Lines },
  'state-timeline': { component: States, approximation: true },
  table: { component: Table },
};

export interface PanelProps {
  readonly input: PanelInput;
  readonly dashboard: DashboardInput;
  readonly theme: GrafanaTheme2;
  readonly registry: FieldConfigOptionsRegistry;
  readonly width: number;
  readonly height: number;
  readonly report: (kind: Finding['kind'], text: string) => void;
  readonly onDrawn: () => void;
}

export function Panel(props: PanelProps): JSX.Element {
  const { input, width, height, report } = props;
  const { title, description, links = [] } = input.panel;
  // In Grafana, the same icon shows links and description.
  const info = [description, ...links.map((link) => link.title)].filter(Boolean).join('\n');
  return (
    <PanelChrome title={title} description={info} width={width} height={height} padding="md">
      {(innerWidth, innerHeight) => (
        <Boundary onError={(text) => report('threw', text)}>
          <Content {...props} width={innerWidth} height={innerHeight} />
        </Boundary>
      )}
    </PanelChrome>
  );
}

function Content({ input, dashboard, theme, registry, width, height, report, onDrawn }: PanelProps): ReactNode {
  const { panel } = input;
  const [frames, setFrames] = useState<DataFrame[]>();
  const fieldConfig = panel.fieldConfig as unknown as FieldConfigSource;
  const noValue = fieldConfig.defaults.noValue ?? 'No data';
  const replaceVariables: InterpolateFunction = (text) => text;
  const kind = KINDS[panel.type];
  useEffect(() => {
    const prepare = async () => {
      const raw = await transformed(framesOf(input.results), panel.transformations ?? []);
      const options = { fieldConfig, replaceVariables, theme, fieldConfigRegistry: registry, timeZone: 'utc' };
      const configured = applyFieldOverrides({ ...options, data: raw });
      cacheFieldDisplayNames(configured);
      setFrames(configured);
      if (kind === undefined) report('threw', `no component draws ${panel.type}`);
      for (const unit of unknownUnits(panel.fieldConfig)) report('unit', unit);
      if (kind?.approximation) report('approximation', panel.type);
      if (!raw.some(({ length }) => length > 0)) report('empty', noValue);
    };
    prepare()
      .catch((error: unknown) => report('threw', String(error)))
      .finally(onDrawn);
  }, []);
  if (frames === undefined || kind === undefined) return null;
  if (frames.length === 0 && !kind.showsNoValue) return <NoData text={noValue} height={height} />;
  const { marks, from, to } = dashboard;
  const drawn = { frames, fieldConfig, theme, marks, from, to, width, height, replaceVariables };
  return <kind.component {...drawn} options={panel.options ?? {}} />;
}

/** As Grafana's panels say that they have no data. */
function NoData({ text, height }: { readonly text: string; readonly height: number }): JSX.Element {
  const style = {
    height,
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'center',
    textAlign: 'center',
  } as const;
  return <div style={style}>{text}</div>;
}

function transformed(frames: DataFrame[], steps: readonly { id: string; options: object }[]): Promise<DataFrame[]> {
  const unknown = steps.find(({ id }) => standardTransformersRegistry.getIfExists(id) === undefined);
  if (unknown) throw new Error(`no transformation ${unknown.id}`);
  return lastValueFrom(transformDataFrame(steps as DataTransformerConfig[], frames));
}

class Boundary extends Component<{ readonly onError: (text: string) => void; readonly children: ReactNode }> {
  override state = { failed: false };
  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }
  override componentDidCatch(error: unknown): void {
    this.props.onError(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  override render(): ReactNode {
    return this.state.failed ? 'This panel failed.' : this.props.children;
  }
}
