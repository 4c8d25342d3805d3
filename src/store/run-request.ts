import type { DatasetRequest } from '../dataset/track.ts';

/** runs/<run>/request.json: what was asked for, written when a run is accepted. */
export interface RunRequest {
  run: string;
  request: DatasetRequest;
  /** ISO 8601; shown to people, and part of nothing that a run produces. */
  createdAt: string;
}
