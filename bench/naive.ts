// The contrast: an exporter as it is written in an hour, with a few gauges that carry a label for each session.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Gauge, register } from 'prom-client';
import { readReplies } from './queries.ts';

const INFO = new Gauge({ name: 'electrumx_info', help: 'Numbers of getinfo.', labelNames: ['field'] });
const GROUP_COST = new Gauge({ name: 'electrumx_group_cost', help: 'Cost of a group.', labelNames: ['group'] });
const SESSION = ['id', 'peer', 'client'] as const;
const SESSION_GAUGES = [
  [5, new Gauge({ name: 'electrumx_session_cost', help: 'Cost of a session.', labelNames: SESSION })],
  [9, new Gauge({ name: 'electrumx_session_subs', help: 'Subscriptions of a session.', labelNames: SESSION })],
  [11, new Gauge({ name: 'electrumx_session_received_bytes', help: 'Bytes of a session.', labelNames: SESSION })],
  [13, new Gauge({ name: 'electrumx_session_sent_bytes', help: 'Bytes to a session.', labelNames: SESSION })],
] as const;

async function poll(port: number): Promise<void> {
  const replies = await readReplies(port);
  const [info, groups, sessions] = replies.map((line) => (JSON.parse(line) as { result: unknown }).result);
  register.resetMetrics();
  for (const [field, value] of Object.entries(info as object))
    if (typeof value === 'number') INFO.set({ field }, value);
  for (const [group, , cost] of groups as [string, number, number][]) GROUP_COST.set({ group }, cost);
  for (const row of sessions as (string | number)[][]) {
    const labels = { id: String(row[0]), peer: String(row[2]), client: String(row[3]) };
    for (const [column, gauge] of SESSION_GAUGES) gauge.set(labels, Number(row[column]));
  }
}

const port = Number(process.argv[2]);
const server = createServer((_, response) => {
  void poll(port)
    .then(() => register.metrics())
    .then((text) => response.end(text));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send?.({ port: (server.address() as AddressInfo).port });
