// The files for Kubernetes agree with each other, with the rules and with the exporter. test/real/kubernetes.test.ts validates them.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { JOB } from '../../grafana/src/rule.ts';
import { parseConfig } from '../../src/config/parse.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Container {
  readonly name: string;
  readonly envFrom: readonly unknown[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly livenessProbe?: { readonly exec: { readonly command: readonly string[] } };
  readonly readinessProbe?: unknown;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly resources: { readonly limits: unknown };
}
interface Server {
  readonly ConfigMap: { readonly data: Readonly<Record<string, string>> };
  readonly StatefulSet: {
    readonly spec: {
      readonly template: {
        readonly metadata: { readonly labels: Readonly<Record<string, string>> };
        readonly spec: {
          readonly shareProcessNamespace?: boolean;
          readonly securityContext: Readonly<Record<string, unknown>>;
          readonly containers: readonly [Container, Container];
        };
      };
    };
  };
}

const documents = parseAllDocuments(read('deploy/kubernetes/electrumx.yaml')).map(
  (one) => one.toJS() as { kind: string },
);
const server = Object.fromEntries(documents.map((one) => [one.kind, one])) as unknown as Server;
const { metadata, spec: pod } = server.StatefulSet.spec.template;
const [electrumx, exporter] = pod.containers;
const settings = server.ConfigMap.data;
const { spec: monitor } = parse(read('deploy/kubernetes/pod-monitor.yaml')) as {
  spec: {
    selector: { matchLabels: object };
    jobLabel: string;
    podMetricsEndpoints: [{ port: string; interval: string }];
  };
};

describe('rules and dashboards', () => {
  test('the groups of the PrometheusRule are those of the rule file', () => {
    const { spec } = parse(read('deploy/kubernetes/prometheus-rule.yaml')) as { spec: unknown };
    expect(spec).toEqual(parse(read('grafana/rules/electrumx.rules.yml')));
  });

  test('there is a ConfigMap for each dashboard', () => {
    const { configMapGenerator } = parse(read('grafana/kustomization.yaml')) as {
      configMapGenerator: { files: string[] }[];
    };
    const dashboards = readdirSync(new URL('../../grafana/dashboards', import.meta.url));
    expect(configMapGenerator.flatMap(({ files }) => files).sort()).toEqual(
      dashboards.map((name) => `dashboards/${name}`).sort(),
    );
  });
});

describe('the exporter in the pod', () => {
  test('has the settings of ElectrumX, and finds LocalRPC on loopback with them', () => {
    expect(electrumx.envFrom).toEqual(expect.arrayContaining([...exporter.envFrom]));
    const parsed = parseConfig([], settings);
    expect(parsed).toMatchObject({
      ok: true,
      warnings: [],
      config: { rpcAddress: { host: '127.0.0.1', port: 8000 }, maxSessions: Number(settings['MAX_SESSIONS']) },
    });
  });

  test('is scraped on the port that it listens on, with the job that the rules select', () => {
    const [port] = exporter.ports;
    expect(parseConfig([], settings)).toMatchObject({ config: { listenAddresses: [{ port: port?.containerPort }] } });
    expect(monitor.podMetricsEndpoints).toEqual([expect.objectContaining({ port: port?.name })]);
    expect(metadata.labels).toMatchObject(monitor.selector.matchLabels);
    expect(metadata.labels[monitor.jobLabel]).toBe(JOB);
  });

  test('has a liveness probe that does not query ElectrumX, and no readiness probe', () => {
    expect(exporter.livenessProbe?.exec.command).toEqual(['electrumx-exporter', '--healthcheck']);
    expect(read('Dockerfile')).toContain('/usr/local/bin/electrumx-exporter');
    expect(exporter.readinessProbe).toBeUndefined();
  });

  test('meets the restricted standard of Kubernetes, with a read-only root and limited memory', () => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    for (const { securityContext } of pod.containers) {
      expect(securityContext).toMatchObject({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } });
    }
    expect(exporter.securityContext['readOnlyRootFilesystem']).toBe(true);
    expect(exporter.resources.limits).toHaveProperty('memory');
  });

  test('shares the PID namespace of ElectrumX as another user, who cannot read its environment', () => {
    expect(pod.shareProcessNamespace).toBe(true);
    const users = [electrumx, exporter].map(
      ({ securityContext }) => securityContext['runAsUser'] ?? pod.securityContext['runAsUser'],
    );
    expect(new Set(users).size).toBe(2);
    expect(pod.securityContext['runAsNonRoot']).toBe(true);
  });

  test('mounts the database read-only, where ElectrumX has it', () => {
    expect(exporter.volumeMounts).toEqual([{ ...electrumx.volumeMounts[0], readOnly: true }]);
    expect(settings['DB_DIRECTORY']).toBe(exporter.volumeMounts[0]?.mountPath);
  });
});
