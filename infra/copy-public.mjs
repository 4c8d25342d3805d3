// tsc copies no assets: the dashboard's pages go beside the compiled server.
import { cp } from 'node:fs/promises';

await cp('src/dashboard/public', 'dist/dashboard/public', { recursive: true });
