// Panels and rows that are drawn once for each value of a variable, and rows that are folded.
import type { DashboardJson, PanelJson } from './input.ts';

/** The panels as they lie on the page: folded rows unfolded, repeats multiplied, everything below moved down. */
export function layOut({ panels }: DashboardJson, values: Readonly<Record<string, readonly string[]>>): PanelJson[] {
  const laid: PanelJson[] = [];
  let moved = 0;
  for (const panel of unfolded(panels)) {
    const copies = panel.repeat === undefined ? [undefined] : (values[panel.repeat] ?? []);
    const { gridPos } = panel;
    copies.forEach((value, index) => {
      const y = gridPos.y + moved + index * gridPos.h;
      laid.push({ ...(value === undefined ? panel : withValue(panel, value)), gridPos: { ...gridPos, y } });
    });
    moved += Math.max(0, copies.length - 1) * gridPos.h;
  }
  return laid;
}

function unfolded(panels: readonly PanelJson[]): PanelJson[] {
  let moved = 0;
  return panels.flatMap((panel) => {
    const y = panel.gridPos.y + moved;
    const inside = panel.collapsed === true ? (panel.panels ?? []) : [];
    const bottom = Math.max(0, ...inside.map(({ gridPos }) => gridPos.y + gridPos.h - panel.gridPos.y - 1));
    const shifted = inside.map((one) => ({ ...one, gridPos: { ...one.gridPos, y: one.gridPos.y + moved } }));
    moved += bottom;
    return [{ ...panel, gridPos: { ...panel.gridPos, y } }, ...shifted];
  });
}

function withValue(panel: PanelJson, value: string): PanelJson {
  const name = panel.repeat ?? '';
  const fill = (text: string) => text.replaceAll(`$${name}`, value).replaceAll(`\${${name}}`, value);
  return {
    ...panel,
    title: fill(panel.title),
    targets: (panel.targets ?? []).map((target) => ({ ...target, expr: fill(target.expr) })),
  };
}
