// The suite against real things: ElectrumX servers from PyPI, Prometheus and its tools. `.ci/run` installs what it needs.
import { defineConfig } from 'vitest/config';

/** Some sixty servers and exporters in one process, scraped every second or two: beside other tests it would miss scrapes. */
const ALONE = 'test/real/page.test.ts';

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // The list of failures at the end of `.ci/run` has only these messages.
    chaiConfig: { truncateThreshold: 400 },
    projects: [
      { extends: true, test: { name: 'alone', include: [ALONE], sequence: { groupOrder: 1 } } },
      {
        extends: true,
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts'],
          exclude: [ALONE],
          sequence: { groupOrder: 2 },
          // Most of the time is waited: for scrapes, for alerts that have to last, for blocks.
          maxWorkers: 2,
        },
      },
    ],
  },
});
