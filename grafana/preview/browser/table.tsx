// The table, with Grafana's component. Its frame is what the panel's transformations left.
import { TableNG } from '@grafana/ui/unstable';
import type { JSX } from 'react';
import type { Drawn } from './drawn.ts';

export function Table({ frames, options, fieldConfig, width, height }: Drawn): JSX.Element | null {
  const [frame] = frames;
  if (frame === undefined) return null;
  return (
    <TableNG
      data={frame}
      width={width}
      height={height}
      structureRev={1}
      fieldConfig={fieldConfig}
      sortBy={options['sortBy'] as never}
      cellHeight={options['cellHeight'] as never}
      noHeader={options['showHeader'] === false}
      enableVirtualization={false}
      getActions={() => []}
    />
  );
}
