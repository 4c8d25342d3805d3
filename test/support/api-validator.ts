import { z } from 'zod';
import type { OpenApi } from '../../src/dashboard/api/openapi.ts';

/** What a schema of an OpenAPI document takes, by the document alone and not by the schema it was made from. */
export function validatorOf(document: OpenApi, schema: Record<string, unknown>): z.ZodType {
  const text = JSON.stringify({ ...schema, $defs: document.components.schemas });
  return z.fromJSONSchema(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')));
}
