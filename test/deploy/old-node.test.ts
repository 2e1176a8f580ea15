// What a Node.js that is too old has to parse before it can be refused: the entry of each command, and what that imports.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import ts from 'typescript';

const dist = new URL('../../dist/', import.meta.url);

/** A file and the files that it imports, without those that it loads later with `import()`. */
function imported(file: URL): readonly URL[] {
  const imports = [...readFileSync(file, 'utf8').matchAll(/^import .*"(.*)";$/gm)].map(([, path = '']) => path);
  return [file, ...imports.flatMap((path) => imported(new URL(path, file)))];
}

/** The source as it has to be written for Node.js 12, the version of Ubuntu 22.04: it knows ES2019. */
function forNode12(source: string): string {
  return ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2019, module: ts.ModuleKind.ESNext },
  }).outputText;
}

describe.each(['main.js', 'cli/main.js'])('dist/%s', (entry) => {
  test('and what it imports have only syntax that Node.js 12 knows', () => {
    const files = imported(new URL(entry, dist));
    expect(files.map(({ href }) => href)).toEqual([new URL(entry, dist).href, new URL('node-version.js', dist).href]);
    for (const file of files) {
      const source = readFileSync(file, 'utf8');
      expect(source).toBe(forNode12(source));
      expect(source).not.toMatch(/\bawait\b/);
    }
  });
});
