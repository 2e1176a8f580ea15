// Lint rules: the strict typed set of typescript-eslint, and the house's own limits on size and on who may say `process`.
import tseslint from 'typescript-eslint';

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
    },
  },
  {
    files: ['src/**/*.ts', 'grafana/src/**/*.ts', 'scripts/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', { max: 40, skipComments: true, skipBlankLines: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/{main,command}.ts', 'src/cli/{main,command}.ts', '**/*.test.ts'],
    rules: {
      'no-restricted-globals': ['error', { name: 'process', message: 'only main.ts and command.ts say process' }],
    },
  },
);
