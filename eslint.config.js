// Lint rules: the strict typed set of typescript-eslint, and this project's rules on size, state and tests.
import tseslint from 'typescript-eslint';

const forbidden = (selector, message) => ({ selector, message });
const notInTests = (object, properties, message) => properties.map((property) => ({ object, property, message }));

export default tseslint.config(
  {
    ignores: [
      'dist',
      '.cache',
      'coverage',
      '**/node_modules',
      '**/*.cjs',
      'grafana/preview/browser',
      'eslint.config.js',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
      'max-params': ['error', 4],
      'no-console': 'error',
      'no-warning-comments': 'error',
    },
  },
  {
    files: ['src/**/*.ts', 'grafana/src/**/*.ts', 'scripts/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', { max: 40, skipComments: true, skipBlankLines: true }],
      'no-restricted-syntax': [
        'error',
        forbidden('Program > VariableDeclaration[kind="let"]', 'no module-level state'),
        forbidden('ExportNamedDeclaration > VariableDeclaration[kind="let"]', 'no module-level state'),
        forbidden('ExportAllDeclaration', 'import from the file that has it'),
      ],
    },
  },
  {
    files: ['**/*.test.ts'],
    rules: {
      'max-lines': ['error', 300],
      'no-restricted-properties': [
        'error',
        ...['test', 'it', 'describe'].flatMap((object) =>
          notInTests(object, ['only', 'skip', 'todo'], 'run every test'),
        ),
        ...notInTests('vi', ['fn', 'mock', 'spyOn'], 'the simulator takes the place of mocks'),
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/{main,command}.ts', 'src/cli/{main,command}.ts', '**/*.test.ts'],
    rules: {
      'no-restricted-globals': ['error', { name: 'process', message: 'only main.ts and command.ts use process' }],
    },
  },
);
