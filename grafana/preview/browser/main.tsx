// The half of the preview that runs in a browser: draws dashboards with Grafana's public components, and measures them.
import { createTheme, standardTransformers, standardTransformersRegistry, ThemeContext } from '@grafana/data';
import { GlobalStyles } from '@grafana/ui';
import { createRoot, type Root } from 'react-dom/client';
import type { DashboardInput, Finding } from '../input.ts';
import { Dashboard } from './dashboard.tsx';
import { createRegistry, registerStandardOptions } from './fields.ts';
import { overflows } from './overflow.ts';

declare global {
  interface Window {
    /** Draws a dashboard in place of the last one. Resolves with the findings when it is drawn. */
    drawDashboard: (dashboard: DashboardInput) => Promise<Finding[]>;
  }
}

registerStandardOptions();
// Some have two names there.
const TRANSFORMERS = new Map(Object.values(standardTransformers).map((one) => [one.id, one]));
standardTransformersRegistry.setInit(() =>
  [...TRANSFORMERS.values()].map((transformation) => ({
    id: transformation.id,
    name: transformation.name,
    transformation: () => Promise.resolve(transformation),
    editor: () => null,
    imageDark: '',
    imageLight: '',
  })),
);
const registry = createRegistry();
let root: Root | undefined;

window.drawDashboard = async (dashboard) => {
  root?.unmount();
  const theme = createTheme({ colors: { mode: dashboard.theme } });
  const findings: Finding[] = [];
  const panels = dashboard.panels.filter(({ panel }) => panel.type !== 'row').length;
  root = createRoot(document.getElementById('root') ?? document.body);
  await new Promise<void>((resolve) => {
    let drawn = 0;
    const onDrawn = () => {
      drawn++;
      if (drawn === panels) resolve();
    };
    root?.render(
      <ThemeContext.Provider value={theme}>
        <GlobalStyles />
        <Dashboard {...{ dashboard, theme, registry, onDrawn }} report={(finding) => findings.push(finding)} />
      </ThemeContext.Provider>,
    );
  });
  await settled();
  return [...findings, ...findings.filter(isUnexplained).map(unexplained), ...overflows()];
};

/** Whether a panel without data shows nothing but its title. */
function isUnexplained({ kind, panel }: Finding): boolean {
  if (kind !== 'empty') return false;
  const shown = [...document.querySelectorAll<HTMLElement>('[data-panel]')].find(
    (one) => one.dataset['panel'] === panel,
  );
  return shown?.innerText.trim() === panel;
}

function unexplained({ panel, text }: Finding): Finding {
  return { panel, kind: 'unexplained', text: `does not show: ${text}` };
}

/** Plots are drawn in frames after the data are there, and texts change their size when fonts have been loaded. */
async function settled(): Promise<void> {
  await document.fonts.ready;
  for (let frame = 0; frame < 5; frame++) await new Promise(requestAnimationFrame);
}
