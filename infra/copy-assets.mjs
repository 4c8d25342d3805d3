// tsc copies no assets: the dashboard's pages and the MP3 decoder go beside the compiled code that reads them.
import { cp } from 'node:fs/promises';

await cp('src/dashboard/public', 'dist/dashboard/public', { recursive: true });
await cp('src/audio/mp3-decoder.wasm', 'dist/audio/mp3-decoder.wasm');
