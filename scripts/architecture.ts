// The generated part of docs/architecture.md: the rooms, and the arrows between them, from doors.json.
import { readFileSync } from 'node:fs';
import doors from '../doors.json' with { type: 'json' };

interface Door {
  readonly what: string;
  readonly values?: readonly string[];
  readonly types?: readonly string[];
  readonly packages?: readonly string[];
}

const ROOMS = Object.entries(doors as Readonly<Record<string, Door>>);
const PATH = 'docs/architecture.md';
const BEGIN = '<!-- Generated from doors.json by `npm run generate`. Do not edit. -->\n<!-- prettier-ignore-start -->';
const END = '<!-- prettier-ignore-end -->';

/** The document with its generated part updated. Throws if the marks of that part are missing. */
export function architecture(): string {
  const document = readFileSync(new URL(`../${PATH}`, import.meta.url), 'utf8');
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END, begin);
  if (begin === -1 || end === -1) throw new Error(`${PATH} has no generated part`);
  return `${document.slice(0, begin)}${BEGIN}\n\n${rooms()}\n${arrows()}\n${document.slice(end)}`;
}

function rooms(): string {
  const rows = ROOMS.map(([name, { what, packages = [] }]) => `| \`${name}\` | ${what} | ${packages.join(', ')} |\n`);
  return `| Room | What is in it | npm packages |\n| --- | --- | --- |\n${rows.join('')}`;
}

/** A solid arrow is any import, a dotted one an import of types. */
function arrows(): string {
  const lines = ROOMS.flatMap(([name, { values = [], types = [] }]) => [
    ...values.map((to) => `    ${name} --> ${to}\n`),
    ...types.map((to) => `    ${name} -.-> ${to}\n`),
  ]);
  return `\`\`\`mermaid\nflowchart TD\n${lines.join('')}\`\`\`\n`;
}
