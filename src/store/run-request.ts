import { z } from 'zod';
import type { DatasetRequest } from '../dataset/track.ts';
import { datasetRequestSchema, type RunSettings, settingsSchema } from './plan.ts';

/** runs/<run>/request.json: what was asked for, written when a run is accepted. */
export interface RunRequest {
  run: string;
  request: DatasetRequest;
  settings: RunSettings;
  /** ISO 8601; shown to people, and part of nothing that a run produces. */
  createdAt: string;
}

export const runRequestSchema: z.ZodType<RunRequest> = z.object({
  run: z.string(),
  request: datasetRequestSchema,
  settings: settingsSchema,
  createdAt: z.string(),
});
