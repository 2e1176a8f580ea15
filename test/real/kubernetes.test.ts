// The files for Kubernetes fit together and have the form that Kubernetes and the Prometheus operator ask for. No cluster is needed.
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

interface Thing {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

describeWith({ commands: [kubectl, python] }, 'deploy/kubernetes', () => {
  test('is put together by kustomize, and every object has the form that its schema asks for', () => {
    const things = kustomize(DEPLOY);
    expect(new Set(things.map(({ kind }) => kind))).toEqual(
      new Set(['ConfigMap', 'Service', 'StatefulSet', 'PodMonitor', 'PrometheusRule']),
    );
    expect(faults(things)).toEqual([]);
  });

  test('is a base for a kustomization of your own, as docs/deployment.md has it', () => {
    const own = mkdtempSync(join(tmpdir(), 'kustomize-'));
    onTestFinished(() => rmSync(own, { recursive: true, force: true }));
    // Of the paths that it names, only the base has to be found from here.
    const base = documented().replace(/(?<=- )\S+\/deploy\/kubernetes$/m, relative(realpathSync(own), DEPLOY));
    writeFileSync(join(own, 'kustomization.yaml'), base);
    const things = kustomize(own);
    expect(new Set(things.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['electrumx']));
    const text = (kind: string) => JSON.stringify(things.filter((thing) => thing.kind === kind));
    expect(text('StatefulSet')).toContain('"image":"registry.example.org/electrumx-exporter:');
    expect(text('ConfigMap')).toContain('"REPORT_SERVICES":"tcp://');
    for (const kind of ['PodMonitor', 'PrometheusRule']) expect(text(kind)).toContain('"release":"monitoring"');
    expect(faults(things)).toEqual([]);
  });

  test('would be found at fault for unknown fields, wrong types and malformed durations', () => {
    const breakages: Readonly<Record<string, [string, string]>> = {
      Service: ['"port":50001', '"port":"tcp"'],
      StatefulSet: ['"serviceName":', '"serviceNames":'],
      PodMonitor: ['"jobLabel":', '"joblabel":'],
      PrometheusRule: ['"for":"5m"', '"for":"5 minutes"'],
    };
    const broken = kustomize(DEPLOY).flatMap((thing) => {
      const [good, bad] = breakages[thing.kind] ?? [];
      return good === undefined || bad === undefined ? [] : [replaced(thing, good, bad)];
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

function kustomize(folder: string): Thing[] {
  const yaml = execFileSync(kubectl, ['kustomize', folder], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  return parseAllDocuments(yaml).map((document) => document.toJS() as Thing);
}

function replaced(thing: Thing, good: string, bad: string): Thing {
  return JSON.parse(JSON.stringify(thing).replace(good, bad)) as Thing;
}

/** What the schemas have to say against any of them. */
function faults(things: readonly Thing[]): string[] {
  const json = execFileSync(python, [SCHEMAS], { input: JSON.stringify(things), encoding: 'utf8', maxBuffer: 2 ** 26 });
  const verdicts = JSON.parse(json) as (string | null)[];
  return things.flatMap(({ kind, metadata }, index) => {
    const verdict = verdicts[index];
    return verdict === null ? [] : [`${kind} ${metadata.name}: ${verdict ?? 'not judged'}`];
  });
}
