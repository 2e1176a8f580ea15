// The files for contributors agree with the rest of the repository: versions of Node, generated files, links, issue forms.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { generatedFiles } from '../../scripts/generated.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

interface Form {
  readonly body: readonly { readonly id?: string; readonly validations?: { readonly required: boolean } }[];
}
interface Workflow {
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly container?: { readonly image: string };
        readonly steps?: readonly { readonly run?: string; readonly uses?: string }[];
      }
    >
  >;
}
const workflows = readdirSync(join(ROOT, '.github/workflows')).map((name) => ({
  name,
  text: read(`.github/workflows/${name}`),
  jobs: Object.values((parse(read(`.github/workflows/${name}`)) as Workflow).jobs),
}));

describe('.nvmrc', () => {
  const version = read('.nvmrc').trim();

  test('has the version of Node that CI tests and the Dockerfile uses', () => {
    expect(read('.ci/run')).toContain(`NODE_24=${version}\n`);
    expect(read('Dockerfile')).toContain(`FROM node:${version}-`);
  });

  test('has the version of Node in the containers of workflows', () => {
    const images = workflows.flatMap(({ jobs }) => jobs.flatMap(({ container }) => container?.image ?? []));
    expect(images).toEqual([expect.stringMatching(`^node:${version}-`)]);
  });
});

describe('.gitattributes', () => {
  test('marks every generated file, and no file that is written by hand', () => {
    const patterns = [...read('.gitattributes').matchAll(/^((?:docs|grafana|deploy)\/\S+) linguist-generated$/gm)]
      .map(([, pattern = '']) => pattern)
      .sort();
    const folders = new Set(['grafana/alertmanager/', 'grafana/dashboards/', 'grafana/rules/']);
    const verdicts = 'grafana/src/conditions/verdicts.json'; // npm run conditions
    const generated = [...generatedFiles().keys(), verdicts];
    const paths = generated.filter((path) => path !== 'docs/architecture.md'); // written by hand for the most part
    const expected = paths.map((path) => {
      const folder = path.slice(0, path.lastIndexOf('/') + 1);
      return folders.has(folder) ? `${folder}*${path.slice(path.lastIndexOf('.'))}` : path;
    });
    expect(patterns).toEqual([...new Set(expected)].sort());
  });
});

describe('the issue form for bugs', () => {
  test('requires the exporter version, the ElectrumX version and a log line', () => {
    const { body } = parse(read('.github/ISSUE_TEMPLATE/bug.yml')) as Form;
    const required = body.filter(({ validations }) => validations?.required === true).map(({ id }) => id);
    expect(required).toEqual(expect.arrayContaining(['exporter', 'electrumx', 'log']));
  });
});

describe('SECURITY.md', () => {
  test('lists the versions of Node that CI tests', () => {
    const majors = [...read('.ci/run').matchAll(/NODE_(\d+)=/g)].map(([, major = '']) => Number(major));
    const listed = [...read('SECURITY.md').matchAll(/^\| (\d+)[.\d]* +\|/gm)].map(([, major = '']) => Number(major));
    expect(listed.sort()).toEqual(majors.sort());
  });
});

describe('CONTRIBUTING.md', () => {
  const text = read('CONTRIBUTING.md');

  test('links to files that exist', () => {
    const targets = [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, target = '']) => target);
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.filter((target) => !existsSync(join(ROOT, target)))).toEqual([]);
  });

  test('names folders and files that exist', () => {
    const named = [...text.matchAll(/`((?:src|docs|grafana|scripts|test)\/[^\s`]*)`/g)].map(([, path = '']) => path);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('runs scripts that package.json has', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const used = [...text.matchAll(/npm (?:run )?(?!ci|run)([a-z:]+)/g)].map(([, name = '']) => name);
    expect(used.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe.each(workflows)('the workflow $name', ({ jobs, text }) => {
  test('uses actions by their major version', () => {
    const used = jobs.flatMap(({ steps = [] }) => steps.flatMap(({ uses }) => uses ?? []));
    expect(used.filter((action) => !/^[\w-]+\/[\w-]+@v\d+$/.test(action))).toEqual([]);
  });

  test('has no rights by default but to read', () => {
    expect(parse(text)).toMatchObject({ permissions: { contents: 'read' } });
  });
});

test('the workflow ci.yml runs .ci/run and no other checks', () => {
  const ci = workflows.find(({ name }) => name === 'ci.yml');
  const commands = ci?.jobs.flatMap(({ steps = [] }) => steps.flatMap(({ run }) => run ?? []));
  expect(commands).toEqual([expect.stringMatching(/^git config /), '.ci/run']);
});
