// A simulated ElectrumX that ends with the test.
import { onTestFinished } from 'vitest';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/server.ts';
import { TEST_TIME_MS } from './exporter.ts';

/** Starts a simulator of e-x 1.20 with 40 clients and a stopped clock, unless `options` differ. */
export async function electrumx(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const simulator = await startSimulator({ era: 'F', sessions: 40, seed: 7, now: () => TEST_TIME_MS, ...options });
  onTestFinished(() => simulator.stop());
  return simulator;
}

/** A port without a listener: one that was free a moment ago. */
export async function deadPort(): Promise<number> {
  const simulator = await startSimulator({ era: 'F', sessions: 0 });
  await simulator.stop();
  return simulator.port;
}
