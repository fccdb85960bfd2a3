const { readFileSync } = require('node:fs');
const { join } = require('node:path');

// As in the build, but `import()` becomes CommonJS too: Nest loads class-validator so, which Jest's own modules cannot do.
const settings = JSON.parse(readFileSync(join(__dirname, '.swcrc'), 'utf8'));
const asCommonJs = ['@swc/jest', { ...settings, module: { type: 'commonjs' } }];

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/src/**/*.spec.ts'],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  setupFiles: ['reflect-metadata'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform: { '^.+\\.(t|j)s$': asCommonJs, '^.+\\.mjs$': asCommonJs },
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json', 'node'],
  // Nest 12, jose and some of what they use are ES modules only; Jest runs them as CommonJS.
  transformIgnorePatterns: [
    '/node_modules/(?!(@nestjs|cookie|jose|oidc-provider|file-type|strtok3|token-types|uint8array-extras|peek-readable|@tokenizer|@borewit)/)',
  ],
  testTimeout: 30_000,
  maxWorkers: 2,
};
