/** Specs run as ES modules on the Node that npm brings along; swc compiles them as it compiles the build. */
const swc = JSON.parse((await import('node:fs')).readFileSync('.swcrc', 'utf8'));

export default {
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/global-setup.js',
  globalTeardown: '<rootDir>/test/global-teardown.js',
  roots: ['<rootDir>/libs', '<rootDir>/services', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts', '**/*.int-spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, sourceMaps: 'inline' }] },
  moduleNameMapper: {
    '^#([a-z]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^#([a-z]+)/([a-z]+)$': '<rootDir>/libs/$1/src/$2.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  // Specs that run processes mostly wait for them: one more than the two cores that the suite is measured on.
  maxWorkers: 3,
  // A limit is for what hangs: on a busy machine all else only takes longer.
  testTimeout: 120_000,
  // What runs at once within a spec mostly waits.
  maxConcurrency: 20,
  // A spec that fails while it starts servers may leave one open; a run that never ends is worse than the leak.
  forceExit: true,
};
