import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../../errors.ts';
import { ARROW } from './arrow.ts';
import { jsonRoute, type Route } from './route.ts';

const jsonSchema = z.record(z.string(), z.unknown());

const content = z.record(z.string(), z.strictObject({ schema: jsonSchema }));

const operation = z.strictObject({
  operationId: z.string(),
  summary: z.string(),
  parameters: z.array(
    z.strictObject({
      name: z.string(),
      in: z.enum(['path', 'query']),
      required: z.boolean(),
      description: z.string(),
      schema: jsonSchema,
    }),
  ),
  requestBody: z.strictObject({ required: z.literal(true), content }).optional(),
  responses: z.record(z.string(), z.strictObject({ description: z.string(), content })),
  security: z.array(z.record(z.string(), z.array(z.string()))),
});

/** As much of OpenAPI 3.1 as the document uses. */
const openApi = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  servers: z.array(z.strictObject({ url: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.strictObject({
    schemas: z.record(z.string(), jsonSchema),
    securitySchemes: z.record(z.string(), z.record(z.string(), z.string())),
  }),
});

export type OpenApi = z.infer<typeof openApi>;
export type Operation = z.infer<typeof operation>;
type JsonSchema = z.infer<typeof jsonSchema>;

const errorSchema = z
  .strictObject({
    error: z.strictObject({
      code: z.enum(Object.keys(ERRORS) as ErrorCode[]).describe('Stable; docs/errors.md lists them.'),
      message: z.string().describe('One line: what is wrong and what to do.'),
    }),
  })
  .meta({ id: 'Error' });

/** `GET /openapi.json`: the document of `routes` and of itself. */
export function documentRoute(routes: readonly Route[]): { route: Route; document: OpenApi } {
  const route = jsonRoute({
    name: 'getOpenApi',
    method: 'get',
    path: '/openapi.json',
    summary: 'This API as OpenAPI 3.1.',
    access: 'listener',
    answer: openApi,
    handle: () => document,
  });
  const document = describeApi([...routes, route]);
  return { route, document };
}

function describeApi(routes: readonly Route[]): OpenApi {
  const schemas: Record<string, JsonSchema> = {};
  const paths: OpenApi['paths'] = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: describeRoute(route, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'soundalike',
      version: '0.1.0',
      description: 'Music recommendation by sound. docs/api.md tells of login, errors and limits.',
    },
    servers: [{ url: '/api' }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'soundalike_session' },
      },
    },
  };
}

function describeRoute(route: Route, schemas: Record<string, JsonSchema>): Operation {
  const errors = errorsOf(route);
  const responses: Operation['responses'] = {
    '200': { description: 'Done.', content: answerContent(route, schemas) },
    ...('media' in route.answer &&
      route.answer.ranges && {
        '206': {
          description: 'The part that the header Range asks for.',
          content: answerContent(route, schemas),
        },
        '416': { description: 'The part lies beyond the end.', content: errorContent(schemas) },
      }),
  };
  for (const status of new Set(errors.map((code) => ERRORS[code].status))) {
    const codes = errors.filter((code) => ERRORS[code].status === status);
    responses[status] = {
      description: codes.map((code) => `${code}: ${ERRORS[code].meaning}`).join(' '),
      content: errorContent(schemas),
    };
  }
  return {
    operationId: route.name,
    summary: route.summary,
    parameters: [...parametersOf(route.parameters, 'path'), ...parametersOf(route.query, 'query')],
    ...(route.body && {
      requestBody: {
        required: true as const,
        content: { 'application/json': { schema: describeSchema(route.body, 'input', schemas) } },
      },
    }),
    ...(route.takes && {
      requestBody: { required: true as const, content: { [route.takes]: { schema: {} } } },
    }),
    responses,
    // The empty one says that it goes without, too; a listener's does where the dashboard is this machine's alone.
    security: [...(route.access === 'administrator' ? [] : [{}]), { token: [] }, { session: [] }],
  };
}

function answerContent({ answer }: Route, schemas: Record<string, JsonSchema>) {
  if ('media' in answer) return { [answer.media]: { schema: {} } };
  return {
    'application/json': { schema: describeSchema(answer.schema, 'output', schemas) },
    ...(answer.rows && { [ARROW]: { schema: {} } }),
  };
}

function errorContent(schemas: Record<string, JsonSchema>) {
  return { 'application/json': { schema: describeSchema(errorSchema, 'output', schemas) } };
}

/** The codes that a route names, and those that its kind brings along. */
function errorsOf({ method, access, limit, parameters, query, body, errors }: Route): ErrorCode[] {
  const takesAnything = body !== undefined || Object.keys({ ...parameters.shape, ...query.shape }).length > 0;
  return [
    ...new Set<ErrorCode>([
      ...(takesAnything ? (['USAGE'] as const) : []),
      'LOGIN_REFUSED',
      ...(access === 'open' ? [] : (['LOGIN_NEEDED'] as const)),
      ...(['onlooker', 'administrator'].includes(access) ? (['ADMINISTRATOR_NEEDED'] as const) : []),
      ...(access === 'administrator' ? (['ADMINISTRATION_OFF'] as const) : []),
      ...(method === 'get' ? [] : (['REQUEST_REFUSED'] as const)),
      ...(limit ? (['TOO_MANY_REQUESTS'] as const) : []),
      ...errors,
      'INTERNAL',
    ]),
  ];
}

function parametersOf(schema: z.ZodObject, place: 'path' | 'query'): Operation['parameters'] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => {
    const { description = '', ...type } = property as JsonSchema & { description?: string };
    return { name, in: place, required: required.includes(name), description, schema: type };
  });
}

/** A schema as JSON Schema; what has an id by `meta` goes to `schemas`, for all to refer to. */
function describeSchema(
  schema: z.ZodType,
  io: 'input' | 'output',
  schemas: Record<string, JsonSchema>,
): JsonSchema {
  const text = JSON.stringify(z.toJSONSchema(schema, { io }));
  const { $schema, $defs, ...described } = jsonSchema.parse(
    JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/')),
  );
  Object.assign(schemas, $defs);
  return described;
}
