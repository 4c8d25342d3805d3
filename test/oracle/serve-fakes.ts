/** Serves the tests' fake collection to a client of OpenSubsonic, until it is stopped. */
import { startDashboard } from '../dashboard/fakes.ts';

const dashboard = await startDashboard({}, { SUBSONIC_USERS: 'ada:sesame-open-wide' });
console.log(dashboard.address);
process.once('SIGINT', () => dashboard.close());
process.once('SIGTERM', () => dashboard.close());
