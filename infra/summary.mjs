// Prints the last line of the test run, `N passed, N failed, N skipped`, and fails where CI skipped a test.
import { readFile } from 'node:fs/promises';

const report = JSON.parse(await readFile(process.argv[2], 'utf8'));
const skipped = report.numPendingTests + report.numTodoTests;
// A file that fails to load counts no test of its own.
const brokenFiles = report.testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
).length;
const failed = report.numFailedTests + brokenFiles;

if (process.env.CI && skipped > 0) console.log('FAILED: in CI no test may be skipped');
console.log(`${report.numPassedTests} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 || (process.env.CI && skipped > 0) ? 1 : 0);
