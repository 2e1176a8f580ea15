// A dashboard: its variables, its rows and its panels on Grafana's grid.
import type { FieldConfigOptionsRegistry, GrafanaTheme2 } from '@grafana/data';
import type { JSX } from 'react';
import type { DashboardInput, Finding, PanelInput } from '../input.ts';
import { Panel } from './panel.tsx';

/** Grafana's grid: 24 columns, rows of 30 pixels, gaps of 8. */
const COLUMNS = 24;
const ROW_HEIGHT = 30;
const GAP = 8;
const PADDING = 16;
const CONTROLS_HEIGHT = 48;

interface DashboardProps {
  readonly dashboard: DashboardInput;
  readonly theme: GrafanaTheme2;
  readonly registry: FieldConfigOptionsRegistry;
  readonly report: (finding: Finding) => void;
  readonly onDrawn: () => void;
}

export function Dashboard({ dashboard, theme, registry, report, onDrawn }: DashboardProps): JSX.Element {
  const column = (dashboard.width - 2 * PADDING - GAP * (COLUMNS - 1)) / COLUMNS;
  const place = ({ panel: { gridPos } }: PanelInput) => ({
    left: PADDING + gridPos.x * (column + GAP),
    top: CONTROLS_HEIGHT + gridPos.y * (ROW_HEIGHT + GAP),
    width: gridPos.w * column + (gridPos.w - 1) * GAP,
    height: gridPos.h * ROW_HEIGHT + (gridPos.h - 1) * GAP,
  });
  const bottom = Math.max(...dashboard.panels.map(({ panel: { gridPos } }) => gridPos.y + gridPos.h));
  const height = CONTROLS_HEIGHT + bottom * (ROW_HEIGHT + GAP) + PADDING;
  const style = {
    position: 'relative',
    width: dashboard.width,
    height,
    background: theme.colors.background.canvas,
  } as const;
  return (
    <div style={style} id="dashboard">
      <Controls dashboard={dashboard} theme={theme} />
      {dashboard.panels.map((input) => {
        const box = place(input);
        const { id, title, type } = input.panel;
        return (
          <div key={id} style={{ position: 'absolute', ...box }} data-panel={title}>
            {type === 'row' ? (
              <RowTitle title={title} theme={theme} />
            ) : (
              <Panel
                {...{ input, dashboard, theme, registry, onDrawn }}
                width={box.width}
                height={box.height}
                report={(kind, text) => report({ panel: title, kind, text })}
              />
            )}
          </div>
        );
      })}
    </div>
  );
}

function RowTitle({ title, theme }: { readonly title: string; readonly theme: GrafanaTheme2 }): JSX.Element {
  const style = { fontSize: 16, fontWeight: 500, lineHeight: `${ROW_HEIGHT}px`, color: theme.colors.text.primary };
  return <div style={style}>⌄ {title}</div>;
}

function Controls({
  dashboard,
  theme,
}: {
  readonly dashboard: DashboardInput;
  readonly theme: GrafanaTheme2;
}): JSX.Element {
  const box = {
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: 4,
    padding: '4px 8px',
    background: theme.colors.background.primary,
  };
  const time = (ms: number) => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
  return (
    <div style={{ display: 'flex', gap: 12, alignItems: 'center', height: CONTROLS_HEIGHT, padding: `0 ${PADDING}px` }}>
      <strong style={{ marginRight: 12 }}>{dashboard.title}</strong>
      {dashboard.variables.map(({ label, value }) => (
        <span key={label} style={box}>
          {label}: {value}
        </span>
      ))}
      <span style={{ ...box, marginLeft: 'auto' }}>
        {time(dashboard.from)} to {time(dashboard.to)} UTC
      </span>
    </div>
  );
}
