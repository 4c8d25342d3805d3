import type { Request, Response } from 'express';
import { z } from 'zod';
import { type ErrorCode, SoundalikeError } from '../../errors.ts';
import type { Limited } from '../settings.ts';
import { ARROW, encodeRows } from './arrow.ts';
import { sendJson } from './send-json.ts';

const NOTHING = z.strictObject({});

type Nothing = typeof NOTHING;

/**
 * Who may use a route.
 *
 * - `open`: anyone;
 * - `listener`: anyone on this machine; where others reach the dashboard, who is logged in or has a token;
 * - `onlooker`: anyone on this machine; where others reach the dashboard, the administrator;
 * - `administrator`: the administrator.
 */
export type Access = 'open' | 'listener' | 'onlooker' | 'administrator';

/** What a route of the API is, before its answer. */
interface Declaration<Parameters extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodType> {
  /** In camelCase, unique: the operationId. */
  name: string;
  method: 'get' | 'post' | 'put' | 'delete';
  /** Below /api, as OpenAPI writes it: `/tracks/{id}`. */
  path: `/${string}`;
  /** One sentence. */
  summary: string;
  access: Access;
  /** Counts against this limit of the client. */
  limit?: Limited;
  parameters?: Parameters;
  query?: Query;
  /** JSON. */
  body?: Body;
  /** As `bytes` reads it. @defaultValue `16kb` */
  largestBody?: string;
  /** Media type or range of a body that `handle` reads itself from the request, e.g. `audio/*`. */
  takes?: string;
  /** Those that every route of its kind has (a bad parameter, a missing login …) need not be named. */
  errors?: ErrorCode[];
}

interface Input<Parameters, Query, Body> {
  parameters: Parameters;
  query: Query;
  body: Body;
  request: Request;
  response: Response;
}

/** A route as the server mounts it and the OpenAPI document tells of it. */
export interface Route extends Declaration<z.ZodObject, z.ZodObject, z.ZodType> {
  parameters: z.ZodObject;
  query: z.ZodObject;
  errors: ErrorCode[];
  answer: { schema: z.ZodType; rows: string | null } | { media: string; ranges: boolean };
  respond(request: Request, response: Response): Promise<void>;
}

/**
 * A route that answers by JSON, and where its `rows` are asked for as `application/vnd.apache.arrow.stream`, by those
 * as an Arrow table.
 */
export function jsonRoute<
  Answer extends z.ZodObject,
  Parameters extends z.ZodObject = Nothing,
  Query extends z.ZodObject = Nothing,
  Body extends z.ZodType = z.ZodUndefined,
>(
  declaration: Declaration<Parameters, Query, Body> & {
    answer: Answer;
    /** The member of the answer that is a list of flat objects. */
    rows?: keyof Answer['shape'] & string;
    handle(
      input: Input<z.output<Parameters>, z.output<Query>, z.output<Body>>,
    ): z.input<Answer> | Promise<z.input<Answer>>;
  },
): Route {
  const { answer, rows = null, handle } = declaration;
  return completed(declaration, { schema: answer, rows }, async (input) => {
    const body = await handle(input);
    const { request, response } = input;
    if (rows !== null) response.vary('Accept');
    if (rows !== null && request.accepts(['application/json', ARROW]) === ARROW) {
      response.type(ARROW).send(encodeRows(answer, rows, body));
    } else await sendJson(request, response, body);
  });
}

/** A route that sends the bytes of its answer itself. */
export function mediaRoute<Parameters extends z.ZodObject = Nothing, Query extends z.ZodObject = Nothing>(
  declaration: Declaration<Parameters, Query, z.ZodUndefined> & {
    /** Media type or range, e.g. `audio/*`. */
    media: string;
    /** Whether a range of the bytes can be asked for. */
    ranges: boolean;
    handle(input: Input<z.output<Parameters>, z.output<Query>, undefined>): Promise<void>;
  },
): Route {
  const { media, ranges } = declaration;
  return completed(declaration, { media, ranges }, declaration.handle);
}

function completed<Parameters extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodType>(
  declaration: Declaration<Parameters, Query, Body>,
  answer: Route['answer'],
  respond: (input: Input<z.output<Parameters>, z.output<Query>, z.output<Body>>) => Promise<void>,
): Route {
  const { parameters = NOTHING, query = NOTHING, body, errors = [] } = declaration;
  return {
    ...declaration,
    parameters,
    query,
    errors,
    answer,
    respond: (request, response) =>
      respond({
        parameters: parse(parameters, request.params),
        query: parse(query, request.query),
        body: parse(body ?? z.undefined(), body && request.body),
        request,
        response,
      } as Input<z.output<Parameters>, z.output<Query>, z.output<Body>>),
  };
}

/** @throws SoundalikeError USAGE, naming every bad parameter. */
function parse<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => [...issue.path, issue.message].join(': '));
  throw new SoundalikeError('USAGE', `parameters that cannot be used: ${faults.join('; ')}`);
}
