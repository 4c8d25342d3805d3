// The rule of the house: data flows dataset/audio/search -> store -> jobs/workers -> cli/dashboard, never back.
const technologies =
  'node_modules/(bullmq|ioredis|mongodb|pg|@electric-sql|express|@bull-board|hyparquet)';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    {
      name: 'pure-parts-know-no-technology',
      severity: 'error',
      from: { path: '^src/(audio|dataset|search|recommend|wasm)/' },
      to: { path: technologies },
    },
    {
      name: 'pure-parts-import-no-later-part',
      severity: 'error',
      from: { path: '^src/(audio|dataset|search|wasm)/' },
      to: { path: '^src/(store|jobs|workers|recommend|dashboard|cli)/' },
    },
    {
      name: 'store-knows-nothing-of-jobs',
      severity: 'error',
      from: { path: '^src/store/' },
      to: { path: '^src/(jobs|workers|recommend|dashboard|cli)/|node_modules/(bullmq|express|@bull-board)' },
    },
    {
      name: 'only-store-knows-storage',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/store/' },
      to: { path: 'node_modules/(mongodb|hyparquet)' },
    },
    {
      name: 'nothing-imports-the-top',
      severity: 'error',
      from: { path: '^src/(?!cli/|dashboard/)' },
      to: { path: '^src/(cli|dashboard)/' },
    },
    { name: 'source-imports-no-tests', severity: 'error', from: { path: '^src/' }, to: { path: '^(test|bench|demo)/' } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
