// The shape of a JSON document: its keys and columns, and the type of each; integers and floats differ.

/** By path (`sessions[15][5]` is the sixth of 15 columns): the types that were seen there. */
export type Shape = Map<string, Set<string>>;

/** Objects whose keys are data. */
const MAPS = /(request counts|hosts)$/;

/** Adds what a JSON text holds to a shape. */
export function addShape(shape: Shape, json: string, name: string): Shape {
  const marked = json.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') ? token : `"\\u0000${/^-?\d+$/.test(token) ? 'int' : 'float'}"`,
  );
  visit(shape, JSON.parse(marked), name);
  return shape;
}

function visit(shape: Shape, value: unknown, path: string): void {
  shape.set(path, (shape.get(path) ?? new Set()).add(typeOf(value)));
  if (Array.isArray(value)) {
    const row = value.every((cell) => typeof cell !== 'object');
    value.forEach((item, n) => visit(shape, item, row ? `${path}[${value.length}][${n}]` : `${path}[]`));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) visit(shape, item, `${path}.${MAPS.test(path) ? '*' : key}`);
  }
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string' && value.startsWith('\u0000')) return value.slice(1);
  if (Array.isArray(value)) return 'list';
  return typeof value;
}
