// A simulated ElectrumX that ends with the test.
import { onTestFinished } from 'vitest';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/server.ts';
import { TEST_TIME_MS } from './exporter.ts';

/** Starts a simulator of 2020s' ElectrumX with 40 clients, whose clock stands still, unless `options` say otherwise. */
export async function electrumx(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const simulator = await startSimulator({ era: 'F', sessions: 40, seed: 7, now: () => TEST_TIME_MS, ...options });
  onTestFinished(() => simulator.stop());
  return simulator;
}

/** A port at which nobody listens: one that was free a moment ago. */
export async function deadPort(): Promise<number> {
  const simulator = await startSimulator({ era: 'F', sessions: 0 });
  await simulator.stop();
  return simulator.port;
}
