// Who may import whom, from doors.json: a room is a folder of src/, or a file beside them. docs/architecture.md draws the same arrows.
const doors = require('./doors.json');

const TESTS = '^test/|\\.test\\.ts$';
const room = (name) => `^src/${name}(/|\\.ts$)`;
const rooms = (names) => `^src/(${names.join('|')})(/|\\.ts$)`;
const packages = (names) => `node_modules/(@types/)?(${names.join('|')})/`;

/** The arrows out of one room: into itself, to Node's modules, and through its doors. */
const arrowsFrom = ([name, { values = [], types = [], packages: npm = [] }]) => {
  const from = { path: room(name), pathNot: TESTS };
  return [
    { from, to: { path: room(name) } },
    { from, to: { dependencyTypes: ['core'] } },
    ...(values.length > 0 ? [{ from, to: { path: rooms(values) } }] : []),
    ...(types.length > 0 ? [{ from, to: { path: rooms(types), dependencyTypes: ['type-only'] } }] : []),
    ...(npm.length > 0 ? [{ from, to: { path: packages(npm) } }] : []),
  ];
};

module.exports = {
  allowedSeverity: 'error',
  allowed: [
    ...Object.entries(doors).flatMap(arrowsFrom),
    { from: { path: TESTS }, to: {} },
    { from: { path: '^grafana/' }, to: { path: '^grafana/|node_modules/' } },
    { from: { path: '^grafana/' }, to: { dependencyTypes: ['core'] } },
    { from: { path: '^grafana/src/' }, to: { path: rooms(['metrics', 'electrumx', 'scrape']) } },
  ],
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'only-exposition-imports-prom-client',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/metrics/exposition\\.ts$' },
      to: { path: 'node_modules/prom-client' },
    },
    { name: 'nothing-imports-main', severity: 'error', from: {}, to: { path: '^src/(cli/)?main\\.ts$' } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^grafana/preview/' }, // a package of its own
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'default'] },
    moduleSystems: ['es6'],
  },
};
