// The examples of grafana/alertmanager/: a real Alertmanager accepts each, and delivers to stand-ins of the services that an alert fires
// and that it is resolved. Only addresses and waits are changed for that.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { startAlertmanager, type Alertmanager } from './support/alertmanager.ts';
import { runToEnd } from './support/process.ts';
import { startApi, startMailServer, type Delivery, type StandIn } from './support/receivers.ts';
import { describeWith } from './support/tools.ts';
import { waitFor } from './support/wait.ts';

const FOLDER = resolve(import.meta.dirname, '../../grafana/alertmanager');
const SECRETS = '/etc/alertmanager/secrets';
const EXAMPLES = readdirSync(FOLDER).filter((name) => name.endsWith('.yml'));

const SUMMARY = 'ElectrumX at 192.0.2.1:10061 has 950 of 1000 sessions & counting';
const RUNBOOK = 'http://192.0.2.1:10061/runbook#electrumxsessionsexhausted';
/** A label and an annotation that no rule has. They must not reach a message. */
const UNKNOWN = 'name-of-a-client';

describe('The examples', () => {
  test('are one of each kind', () => {
    expect(EXAMPLES).toEqual(['dead-mans-switch.yml', 'mail.yml', 'pagerduty.yml', 'telegram.yml', 'webhook.yml']);
  });
});

describeWith({ commands: ['amtool'] }, 'amtool check-config', () => {
  test.each(EXAMPLES)('accepts %s', async (name) => {
    const { code, output } = await runToEnd('amtool', ['check-config', join(FOLDER, name)]);
    expect(code, output).toBe(0);
  });
});

describeWith({ commands: ['prometheus-alertmanager'] }, 'Alertmanager with', () => {
  describe.each(['critical', 'warning'])('a %s alert', (severity) => {
    test('mail.yml sends a mail when it fires, and one when it is resolved', async () => {
      const { fired, resolved } = await deliver('mail', severity, await startMailServer());
      expect(fired).toMatchObject({
        path: 'operator@example.org',
        credentials: 'alertmanager@example.org:smtp-password in a file',
      });
      expect(subject(fired)).toBe(SUMMARY);
      expect(subject(resolved)).toBe(`Resolved: ${SUMMARY}`);
      // Quoted-printable breaks lines with `=` and writes `=` as =3D.
      const letter = fired.body.replaceAll('=\r\n', '').replaceAll('=3D', '=');
      expect(letter).toContain('Content-Type: text/plain');
      expect(letter).not.toContain('text/html');
      for (const part of [SUMMARY, `${severity}: ElectrumXSessionsExhausted`, RUNBOOK]) expect(letter).toContain(part);
    });

    test('telegram.yml sends a message when it fires, and one when it is resolved', async () => {
      const { fired, resolved } = await deliver('telegram', severity, await startApi());
      expect(fired.path).toBe('/bot123456789:REPLACE-ME/sendMessage');
      const message = json(fired) as unknown as Telegram;
      const end = json(resolved) as unknown as Telegram;
      expect(message).toMatchObject({ chat_id: '-1001234567890', parse_mode: 'HTML' });
      const escaped = SUMMARY.replace('&', '&amp;');
      expect(message.text.split('\n')[0]).toBe(`<b>${escaped}</b>`);
      expect(message.text).toContain(`Runbook: ${RUNBOOK}`);
      expect(end.text.split('\n')[0]).toBe(`<b>Resolved: ${escaped}</b>`);
      expect(String(message.disable_notification ?? false)).toBe(String(severity === 'warning'));
    });

    test('webhook.yml posts when it fires, and when it is resolved', async () => {
      const { fired, resolved } = await deliver('webhook', severity, await startApi());
      expect(fired).toMatchObject({ path: `/${severity}`, credentials: 'Bearer webhook-token in a file' });
      expect(json(fired)).toMatchObject({ status: 'firing', alerts: [{ annotations: { summary: SUMMARY } }] });
      expect(json(resolved)).toMatchObject({ status: 'resolved', alerts: [{ annotations: { summary: SUMMARY } }] });
    });

    test('pagerduty.yml triggers an incident, and resolves the same one', async () => {
      const { fired, resolved } = await deliver('pagerduty', severity, await startApi());
      expect(json(fired)).toMatchObject({
        routing_key: 'pagerduty-key in a file',
        event_action: 'trigger',
        payload: { severity, summary: SUMMARY, component: '192.0.2.1:10061' },
      });
      expect(json(resolved)).toMatchObject({ routing_key: 'pagerduty-key in a file', event_action: 'resolve' });
      expect(json(resolved)['dedup_key']).toBe(json(fired)['dedup_key']);
      expect(fired.body).toContain(RUNBOOK);
    });
  });

  test.each(['mail', 'telegram', 'pagerduty'])(
    '%s.yml sends no label or annotation that is not in electrumx.tmpl',
    async (name) => {
      const { fired, resolved } = await deliver(
        name,
        'critical',
        await (name === 'mail' ? startMailServer() : startApi()),
      );
      expect(fired.body + resolved.body).not.toContain(UNKNOWN);
    },
  );

  test.each(EXAMPLES)(
    "%s pings the dead man's switch repeatedly while the watchdog fires, and not when it ends",
    async (file) => {
      const ping = await startApi();
      const alertmanager = await startExample(file, { ping });
      const watchdog = (instance: string) => ({
        labels: { alertname: 'ElectrumXWatchdog', severity: 'info', instance },
      });
      await post(alertmanager, watchdog('first'));
      await waitFor('three pings', () => (ping.deliveries.length >= 3 ? true : undefined));
      await post(alertmanager, { ...watchdog('first'), endsAt: new Date().toISOString() }, watchdog('second'));
      const second = () => ping.deliveries.filter(({ body }) => body.includes('second')).length;
      await waitFor('pings of another alert after the end', () => (second() >= 3 ? true : undefined));
      expect(new Set(ping.deliveries.map(({ path }) => path))).toEqual(new Set(['/REPLACE-ME']));
      expect(ping.deliveries.filter(({ body }) => body.includes('resolved'))).toEqual([]);
    },
  );
});

interface Telegram {
  readonly chat_id: string;
  readonly text: string;
  readonly parse_mode: string;
  readonly disable_notification?: string | boolean;
}

/** The first notification that the alert fires, and the first that it is resolved. */
async function deliver(example: string, severity: string, service: StandIn) {
  onTestFinished(() => service.stop());
  const alertmanager = await startExample(`${example}.yml`, { service });
  const alert = {
    labels: {
      alertname: 'ElectrumXSessionsExhausted',
      severity,
      job: 'electrumx',
      instance: '192.0.2.1:10061',
      client: UNKNOWN,
    },
    annotations: { summary: SUMMARY, description: 'Wallets are refused.', runbook_url: RUNBOOK, note: UNKNOWN },
  };
  await post(alertmanager, alert);
  const fired = await waitFor('the alert', () => service.deliveries[0]);
  await post(alertmanager, { ...alert, endsAt: new Date().toISOString() });
  const isResolved = ({ body }: Delivery) => /Resolved: |"status":"resolved"|"event_action":"resolve"/.test(body);
  const resolved = await waitFor('its end', () => service.deliveries.find(isResolved));
  return { fired, resolved };
}

/** Starts Alertmanager with the example as it is shipped, but for addresses, the folder of secrets, TLS of the mail server, and waits. */
async function startExample(
  file: string,
  { service, ping }: { service?: StandIn; ping?: StandIn },
): Promise<Alertmanager> {
  const secrets = mkdtempSync(join(tmpdir(), 'secrets-'));
  onTestFinished(() => rmSync(secrets, { recursive: true }));
  for (const name of ['smtp-password', 'webhook-token', 'pagerduty-key']) {
    writeFileSync(join(secrets, name), `${name} in a file`);
  }
  const at = (standIn?: StandIn) => `127.0.0.1:${standIn?.port ?? 9}`;
  const shipped = parse(readFileSync(join(FOLDER, file), 'utf8')) as { global?: object };
  const apis = {
    telegram_api_url: `http://${at(service)}`,
    pagerduty_url: `http://${at(service)}`,
    smtp_require_tls: false,
  };
  const changed = JSON.stringify({ ...shipped, global: { ...shipped.global, ...apis } })
    .replaceAll(SECRETS, secrets)
    .replaceAll('"electrumx.tmpl"', JSON.stringify(join(FOLDER, 'electrumx.tmpl')))
    .replaceAll('https://bridge.example.org', `http://${at(service)}`)
    .replaceAll('https://ping.example.org', `http://${at(ping)}`)
    .replaceAll('smtp.example.org:587', at(service))
    .replace(/"(group_wait|group_interval|repeat_interval)":"\w+"/g, '"$1":"200ms"');
  const alertmanager = await startAlertmanager(changed);
  onTestFinished(() => alertmanager.stop());
  return alertmanager;
}

async function post({ url }: Alertmanager, ...alerts: readonly object[]): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(`${url}/api/v2/alerts`, { method: 'POST', headers, body: JSON.stringify(alerts) });
  if (!response.ok) throw new Error(`Alertmanager refuses the alerts: ${response.status} ${await response.text()}`);
}

function json({ body }: Delivery): Record<string, unknown> {
  return JSON.parse(body) as Record<string, unknown>;
}

function subject({ body }: Delivery): string | undefined {
  return /^Subject: (.*)$/m.exec(body.replaceAll('\r\n', '\n'))?.[1];
}
