// Grafana's schema of dashboards from the types of its SDK: whether JSON has the properties and values of a type.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const SDK = dirname(dirname(createRequire(import.meta.url).resolve('@grafana/grafana-foundation-sdk/dashboard')));

/** The types of some of the SDK's modules. */
export interface Schema {
  /** what is wrong with a value of the type, as `path: fault`; nothing if all is well */
  readonly faults: (module: string, type: string, value: unknown) => string[];
  /** the same for one property of a type, as overrides set them */
  readonly faultsOfProperty: (module: string, type: string, property: string, value: unknown) => string[];
}

/** Reads the types once; that takes a second. */
export function grafanaSchema(modules: readonly string[]): Schema {
  const fileOf = (module: string) => join(SDK, module, 'types.gen.d.ts');
  const program = ts.createProgram(modules.map(fileOf), { strict: true, skipLibCheck: true });
  const checker = program.getTypeChecker();
  const typeOf = (module: string, name: string): ts.Type => {
    const file = program.getSourceFile(fileOf(module));
    const symbol = file && checker.getSymbolAtLocation(file);
    const found = symbol && checker.getExportsOfModule(symbol).find((exported) => exported.name === name);
    if (!found) throw new Error(`the SDK has no type ${name} in ${module}`);
    return checker.getDeclaredTypeOfSymbol(found);
  };
  return {
    faults: (module, type, value) => compare(value, typeOf(module, type), checker, type),
    faultsOfProperty: (module, type, property, value) => {
      const symbol = typeOf(module, type).getProperty(property);
      return symbol
        ? compare(value, checker.getTypeOfSymbol(symbol), checker, property)
        : [`${type} has no ${property}`];
    },
  };
}

function compare(value: unknown, type: ts.Type, checker: ts.TypeChecker, path: string): string[] {
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return [];
  if (type.isUnion()) {
    const defined = type.types.filter(({ flags }) => !(flags & ts.TypeFlags.Undefined));
    const each = defined.map((one) => compare(value, one, checker, path));
    return each.some((faults) => faults.length === 0) ? [] : (each.sort((a, b) => a.length - b.length)[0] ?? []);
  }
  if (type.isLiteral()) return value === type.value ? [] : [`${path}: ${JSON.stringify(value)} is not allowed`];
  if (type.flags & ts.TypeFlags.Object) return compareObject(value, type, checker, path);
  const fits = value === null ? 'null' : typeof value === 'boolean' ? `boolean ${String(value)}` : typeof value;
  return fits.split(' ').includes(checker.typeToString(type))
    ? []
    : [`${path}: ${fits} is no ${checker.typeToString(type)}`];
}

function compareObject(value: unknown, type: ts.Type, checker: ts.TypeChecker, path: string): string[] {
  if (checker.isArrayType(type)) {
    const [element] = checker.getTypeArguments(type as ts.TypeReference);
    if (!Array.isArray(value) || !element) return [`${path}: is no list`];
    return value.flatMap((item, index) => compare(item, element, checker, `${path}[${index}]`));
  }
  // Such as a query: its own type depends on the data source, and has to be asked for.
  if (type.getProperties().length > 0 && type.getProperties().every((symbol) => isMethod(symbol, checker))) return [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: is no object`];
  const named = Object.entries(value).flatMap(([key, inner]) => {
    const symbol = type.getProperty(key);
    const known = symbol ? checker.getTypeOfSymbol(symbol) : type.getStringIndexType();
    return known ? compare(inner, known, checker, `${path}.${key}`) : [`${path}.${key}: is not known`];
  });
  const missing = type.getProperties().filter((symbol) => {
    return !(symbol.flags & ts.SymbolFlags.Optional) && !isMethod(symbol, checker) && !(symbol.name in value);
  });
  return [...named, ...missing.map(({ name }) => `${path}.${name}: is missing`)];
}

function isMethod(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  return checker.getTypeOfSymbol(symbol).getCallSignatures().length > 0;
}
