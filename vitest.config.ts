// The test suite that needs nothing but Node: unit tests beside the source, and everything under test/ but test/real.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'grafana/**/*.test.ts'],
    exclude: ['test/real/**', '**/node_modules/**'],
    testTimeout: 20_000,
    // Many tests wait for something: a core need not be left free.
    maxWorkers: '100%',
  },
});
