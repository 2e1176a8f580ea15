// The suite against real things: ElectrumX servers from PyPI, Prometheus and its tools. `.ci/run` installs what it needs.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/real/**/*.test.ts'],
    // Most of the time is waited: for scrapes, for alerts that have to last, for blocks.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
