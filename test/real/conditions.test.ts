// The table of conditions in docs/alerts.md is what promtool says, of Prometheus 2 and of 3.
import { describe, expect, test } from 'vitest';
import { judge } from '../../grafana/src/conditions/judge.ts';
import { VERDICTS } from '../../grafana/src/conditions/table.ts';
import { describeWith, PROMETHEUS_VERSIONS } from './support/tools.ts';

describe.each(PROMETHEUS_VERSIONS)('$name', ({ promtool }) => {
  describeWith({ commands: [promtool] }, 'npm run conditions', () => {
    test('finds the committed verdicts', { timeout: 300_000 }, async () => {
      expect(await judge(promtool)).toEqual(VERDICTS);
    });
  });
});
