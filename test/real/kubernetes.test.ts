// kustomize builds the files for Kubernetes, and they match the schemas of Kubernetes and the Prometheus operator. No cluster is needed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { describeWith, pythonOf } from './support/tools.ts';

const DEPLOY = resolve(import.meta.dirname, '../../deploy/kubernetes');
const DOCUMENT = resolve(import.meta.dirname, '../../docs/deployment.md');
const SCHEMAS = resolve(import.meta.dirname, 'support/kubernetes_schemas.py');
const python = pythonOf('kubernetes');
const kubectl = join(dirname(python), 'kubectl');

interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

describeWith({ commands: [kubectl, python] }, 'deploy/kubernetes', () => {
  test('builds with kustomize, and every object matches its schema', () => {
    const objects = kustomize(DEPLOY);
    expect(new Set(objects.map(({ kind }) => kind))).toEqual(
      new Set(['ConfigMap', 'Service', 'StatefulSet', 'PodMonitor', 'PrometheusRule']),
    );
    expect(faults(objects)).toEqual([]);
  });

  test('is a base for the kustomization in docs/deployment.md', () => {
    const own = mkdtempSync(join(tmpdir(), 'kustomize-'));
    onTestFinished(() => rmSync(own, { recursive: true, force: true }));
    // Only the path of the base depends on the folder.
    const base = documented().replace(/(?<=- )\S+\/deploy\/kubernetes$/m, relative(realpathSync(own), DEPLOY));
    writeFileSync(join(own, 'kustomization.yaml'), base);
    const objects = kustomize(own);
    expect(new Set(objects.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['electrumx']));
    const text = (kind: string) => JSON.stringify(objects.filter((object) => object.kind === kind));
    expect(text('StatefulSet')).toContain('"image":"registry.example.org/electrumx-exporter:');
    expect(text('ConfigMap')).toContain('"REPORT_SERVICES":"tcp://');
    for (const kind of ['PodMonitor', 'PrometheusRule']) expect(text(kind)).toContain('"release":"monitoring"');
    expect(faults(objects)).toEqual([]);
  });

  test('does not match with unknown fields, wrong types or malformed durations', () => {
    const breakages: Readonly<Record<string, [string, string]>> = {
      Service: ['"port":50001', '"port":"tcp"'],
      StatefulSet: ['"serviceName":', '"serviceNames":'],
      PodMonitor: ['"jobLabel":', '"joblabel":'],
      PrometheusRule: ['"for":"10m"', '"for":"10 minutes"'],
    };
    const broken = kustomize(DEPLOY).flatMap((object) => {
      const [good, bad] = breakages[object.kind] ?? [];
      return good === undefined || bad === undefined ? [] : [replaced(object, good, bad)];
    });
    expect(faults(broken).map((fault) => fault.split(' ')[0])).toEqual(broken.map(({ kind }) => kind));
    expect(broken.map(({ kind }) => kind).sort()).toEqual(Object.keys(breakages).sort());
  });
});

/** The kustomization that docs/deployment.md shows. */
function documented(): string {
  const blocks = readFileSync(DOCUMENT, 'utf8').matchAll(/```yaml\n(.*?)```/gs);
  return [...blocks].map(([, text = '']) => text).find((text) => text.includes('kind: Kustomization')) ?? '';
}

function kustomize(folder: string): KubernetesObject[] {
  const yaml = execFileSync(kubectl, ['kustomize', folder], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  return parseAllDocuments(yaml).map((document) => document.toJS() as KubernetesObject);
}

function replaced(object: KubernetesObject, good: string, bad: string): KubernetesObject {
  return JSON.parse(JSON.stringify(object).replace(good, bad)) as KubernetesObject;
}

/** Violations of schemas, as `Kind name: message`. */
function faults(objects: readonly KubernetesObject[]): string[] {
  const json = execFileSync(python, [SCHEMAS], {
    input: JSON.stringify(objects),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const verdicts = JSON.parse(json) as (string | null)[];
  return objects.flatMap(({ kind, metadata }, index) => {
    const verdict = verdicts[index];
    return verdict === null ? [] : [`${kind} ${metadata.name}: ${verdict ?? 'not checked'}`];
  });
}
