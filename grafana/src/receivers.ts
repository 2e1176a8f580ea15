// Complete configurations of Alertmanager with one kind of receiver each. They differ from alertmanager.yml in the receivers only.
import { stringify } from 'yaml';
import { RECEIVERS, routing, type ReceiverName } from './alertmanager.ts';

/** Alertmanager reads secrets from files in this folder. A path in it is `SECRETS/NAME`. */
const SECRETS = '/etc/alertmanager/secrets';

/** The templates of electrumx.tmpl: one line, and what to read before you act. */
const TITLE = '{{ template "electrumx.title" . }}';
const TEXT = '{{ template "electrumx.text" . }}';

interface Example {
  /** what to replace, one sentence a line */
  readonly todo: readonly string[];
  readonly global?: object;
  /** who is notified of alerts of this severity */
  readonly receiver: (severity: 'critical' | 'warning') => object;
}

const EXAMPLES: Readonly<Record<string, Example>> = {
  mail: {
    todo: [
      'Replace the addresses and the mail server.',
      `Write the password of the mail account into ${SECRETS}/smtp-password.`,
    ],
    global: {
      smtp_smarthost: 'smtp.example.org:587',
      smtp_from: 'alertmanager@example.org',
      smtp_auth_username: 'alertmanager@example.org',
      smtp_auth_password_file: `${SECRETS}/smtp-password`,
    },
    receiver: () => ({
      email_configs: [
        { to: 'operator@example.org', send_resolved: true, headers: { Subject: TITLE }, html: '', text: TEXT },
      ],
    }),
  },
  telegram: {
    todo: [
      'Create a bot with @BotFather, and replace bot_token. Alertmanager 0.26 and later can read it from bot_token_file.',
      'Replace chat_id: add the bot to your group, write a message there, and read the id in the reply to getUpdates of the bot API.',
      'This file has a secret: only Alertmanager should be able to read it.',
    ],
    receiver: (severity) => ({
      telegram_configs: [
        {
          bot_token: '123456789:REPLACE-ME',
          chat_id: -1001234567890,
          parse_mode: 'HTML',
          disable_notifications: severity === 'warning',
          message: `<b>${TITLE}</b>\n\n${TEXT}`,
        },
      ],
    }),
  },
  webhook: {
    todo: [
      'For Matrix and every other service: a bridge turns the JSON that Alertmanager posts into messages.',
      'Replace the URLs of the bridge. The path is the name of the receiver.',
      `Write the token that the bridge expects into ${SECRETS}/webhook-token.`,
      'The JSON has all labels and annotations of the alerts. A bridge makes the message: let it use the annotations only.',
    ],
    receiver: (severity) => ({
      webhook_configs: [
        {
          url: `https://bridge.example.org/${severity}`,
          send_resolved: true,
          http_config: { authorization: { credentials_file: `${SECRETS}/webhook-token` } },
        },
      ],
    }),
  },
  pagerduty: {
    todo: [
      'Add an integration "Events API v2" to your service in PagerDuty.',
      `Write its integration key into ${SECRETS}/pagerduty-key.`,
    ],
    receiver: (severity) => ({
      pagerduty_configs: [
        {
          routing_key_file: `${SECRETS}/pagerduty-key`,
          severity,
          description: TITLE,
          component: '{{ .GroupLabels.instance }}',
          client: 'electrumx-exporter',
          // Instead of the default, which lists all labels.
          details: { firing: TEXT, resolved: '', num_firing: '{{ .Alerts.Firing | len }}' },
        },
      ],
    }),
  },
};

/** A service that notifies you when there was no ping for some minutes. A resolved alert sends none. */
const DEAD_MANS_SWITCH = {
  name: 'watchdog',
  webhook_configs: [{ url: 'https://ping.example.org/REPLACE-ME', send_resolved: false }],
};

const WATCHDOG_TODO = 'Replace the ping URL of the receiver watchdog: see dead-mans-switch.yml.';

/** Path from the top of the repository -> content. */
export function receiverFiles(): ReadonlyMap<string, string> {
  const examples = Object.entries(EXAMPLES).map(([name, example]) => [path(name), exampleFile(name, example)] as const);
  return new Map([...examples, [path('dead-mans-switch'), deadMansSwitchFile()]]);
}

function path(name: string): string {
  return `grafana/alertmanager/${name}.yml`;
}

function exampleFile(name: string, { todo, global, receiver }: Example): string {
  const { route, inhibit_rules } = routing();
  const receiverOf = (receiverName: ReceiverName) => {
    if (receiverName === 'watchdog') return DEAD_MANS_SWITCH;
    return { name: receiverName, ...(receiverName !== 'info' && receiver(receiverName)) };
  };
  const about = `Alertmanager with ${name}: the routes of ../alertmanager.yml, and receivers. Copy it and electrumx.tmpl into one folder.`;
  return file([about, ...todo, WATCHDOG_TODO], {
    ...(global !== undefined && { global }),
    templates: ['electrumx.tmpl'],
    route,
    receivers: RECEIVERS.map(receiverOf),
    inhibit_rules,
  });
}

function deadMansSwitchFile(): string {
  const about = [
    "Alertmanager with a dead man's switch only: add its route and its receiver to your configuration, before the other routes.",
    'Use a service outside your network that expects a ping every 5 minutes, and notifies you after 15 minutes without one.',
    'Replace the ping URL. The service must accept POST requests with any body.',
  ];
  const { route } = routing();
  const watchdog = route.routes.filter(({ receiver }) => receiver === 'watchdog');
  return file(about, {
    route: { receiver: 'none', routes: watchdog },
    receivers: [DEAD_MANS_SWITCH, { name: 'none' }],
  });
}

function file(comments: readonly string[], configuration: object): string {
  const head = ['Generated by `npm run generate` from grafana/src.', ...comments].map((line) => `# ${line}\n`);
  return head.join('') + stringify(configuration, { lineWidth: 0 });
}
