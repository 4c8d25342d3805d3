import type { Queue } from 'bullmq';
import type { RunControl } from '../jobs/run-control.ts';
import type { RunStatus, RunSummary } from '../jobs/run-status.ts';
import type { Timeline } from '../jobs/timeline.ts';
import type { Collection } from '../recommend/collection.ts';
import type { Playlists } from '../store/playlists.ts';
import type { SessionStore } from '../store/sessions.ts';
import type { ListenerActivity } from '../workers/listener-activity.ts';
import type { Uploads } from './uploads/analyse-upload.ts';

/** What the dashboard needs of the other parts; the composition root provides it. */
export interface DashboardPorts {
  /** The newest run first. */
  listRuns(): Promise<RunSummary[]>;
  /** @throws SoundalikeError RUN_NOT_FOUND */
  runStatus(run: string): Promise<RunStatus>;
  /** Who worked on what and when. @throws SoundalikeError RUN_NOT_FOUND */
  runTimeline(run: string): Promise<Timeline>;
  /** For the administrator alone. */
  control: RunControl;
  /** The live index, opened again when CURRENT has moved. @throws SoundalikeError INDEX_NOT_FOUND */
  collection(): Promise<Collection>;
  /** Shown under /queues; the Run page links a stage to the queue that has the stage's name. */
  queues: Queue[];
  /** What listeners do, and what is recommended to them. Its queue is none of `queues`, which many may look at. */
  listeners: Pick<ListenerActivity, 'record' | 'recommendations' | 'onUpdate'>;
  /** Of the listeners. */
  playlists: Playlists;
  /** Of those who are logged in. */
  sessions: SessionStore;
  /** Files that visitors send, to hear what sounds like them. */
  uploads: Uploads;
  /** Records an error that is not the client's (status 500 and up), with its cause, which the client is not told. */
  logFault(error: unknown): void;
}
