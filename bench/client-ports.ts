// A simulated ElectrumX with a client port for each transport, for the cost of a probe.
import { startSimulator } from '../src/simulator/server.ts';

const services = (['tcp', 'ssl', 'ws', 'wss'] as const).map((transport) => ({ transport }));
const simulator = await startSimulator({ era: 'F', sessions: 100, seed: 7, services });
const list = simulator.services.map(({ transport, port }) => `${transport}://127.0.0.1:${port}`).join();
process.send?.({ port: simulator.port, services: list });
process.on('disconnect', () => process.exit());
