// Which versions of Node.js are refused.
import { describe, expect, test } from 'vitest';
import { unsupportedNode } from './node-version.ts';

describe('A Node.js', () => {
  test.each(['18.20.8', '20.18.3', '16.0.0', ''])(
    '%s is too old, and the message names the version that is needed',
    (version) => {
      expect(unsupportedNode('electrumx-exporter', version)).toBe(
        `electrumx-exporter: needs Node.js 20.19 or newer; this is ${version}\n`,
      );
    },
  );

  test.each(['20.19.0', '20.20.2', '22.0.0', '24.21.0', '100.0.0'])('%s is not refused', (version) => {
    expect(unsupportedNode('electrumx-exporter', version)).toBeUndefined();
  });
});
