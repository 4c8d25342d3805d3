import type { Sessions } from '../access/sessions.ts';
import type { DashboardPorts } from '../ports.ts';
import type { DashboardSettings } from '../settings.ts';
import { audioRoutes } from './audio.ts';
import { healthRoutes } from './health.ts';
import { listenerRoutes } from './listeners.ts';
import { mapRoutes } from './map.ts';
import { pathRoutes } from './path.ts';
import { playlistFileRoutes } from './playlist-files.ts';
import { playlistRoutes } from './playlists.ts';
import type { Route } from './route.ts';
import { runRoutes } from './runs.ts';
import { sessionRoutes } from './session.ts';
import { trackRoutes } from './tracks.ts';
import { uploadRoutes } from './uploads.ts';

/** All routes below /api but the document's: what is not in this list is not mounted. */
export function apiRoutes(ports: DashboardPorts, settings: DashboardSettings, sessions: Sessions): Route[] {
  return [
    ...trackRoutes(ports),
    ...pathRoutes(ports),
    ...audioRoutes(ports),
    ...listenerRoutes(ports),
    ...playlistRoutes(ports),
    ...playlistFileRoutes(ports),
    ...mapRoutes(ports),
    ...runRoutes(ports),
    ...sessionRoutes(settings, sessions),
    ...uploadRoutes(ports, settings),
    ...healthRoutes(ports, settings),
  ];
}
