import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import { ERRORS, SoundalikeError } from '../errors.ts';
import { PAGE_POLICY } from './content-policies.ts';
import { escapeMarkup, pageMarkup } from './markup.ts';

interface ErrorAnswer {
  status: number;
  code: string;
  message: string;
}

/**
 * Answers every error as `{error: {code, message}}`, or as a page where a person opens one. What the client has no part
 * in (status 500 and up) goes to `logFault` too; of an error that is none of the table the client learns nothing but
 * the code INTERNAL.
 */
export function answerErrors(logFault: (error: unknown) => void): ErrorRequestHandler {
  return (error, request, response, next) => {
    const answer = answerOf(error);
    if (answer.status >= 500) logFault(error);
    // Too late for another answer; Express cuts the connection, so that the client sees the failure.
    if (response.headersSent) return next(error);
    // The length of the file, of a 416.
    if (isHttpError(error)) response.set(error.headers ?? {});
    if (!isForPeople(request)) return sendAnswer(response, answer);
    response.set('Content-Security-Policy', PAGE_POLICY);
    sendText(response, answer.status, 'text/html', errorPage(answer));
  };
}

/** Answers an error outside of Express. */
export function sendError(response: ServerResponse, error: SoundalikeError): void {
  sendAnswer(response, answerOf(error));
}

/** Ends the routes below it. */
export const routeNotFound: RequestHandler = (request) => {
  throw new SoundalikeError('ROUTE_NOT_FOUND', `nothing is at ${request.method} ${request.originalUrl}`);
};

function answerOf(error: unknown): ErrorAnswer {
  if (error instanceof SoundalikeError) {
    return { status: ERRORS[error.code].status, code: error.code, message: error.message };
  }
  // Not the error's own message: that of a file which is gone names its whole path.
  if (isHttpError(error)) {
    return { status: error.status, code: 'USAGE', message: STATUS_CODES[error.status] ?? 'Bad Request' };
  }
  return { status: 500, code: 'INTERNAL', message: 'a fault of the program; its log tells more' };
}

/** A client's error as Express and its `send` throw it: a bad escape in the address, a range beyond the end. */
function isHttpError(error: unknown): error is Error & { status: number; headers?: Record<string, string> } {
  return (
    error instanceof Error &&
    'status' in error &&
    typeof error.status === 'number' &&
    error.status >= 400 &&
    error.status < 500
  );
}

/** Whether a browser is to show the answer. Programs and the pages' own requests ask for anything or for JSON. */
const isForPeople = (request: Request) =>
  !request.originalUrl.startsWith('/api') && request.accepts(['json', 'html']) === 'html';

function errorPage({ status, code, message }: ErrorAnswer): string {
  const title = status === 404 ? 'There is nothing here' : 'That did not work';
  const content = [
    `<h1>${title}</h1>`,
    `<p class="notice">${escapeMarkup(message)}</p>`,
    `<p class="small"><code>${code}</code></p>`,
    '<p><a href="/">To the player</a></p>',
  ];
  return pageMarkup(title, ['runs.css'], content.join('\n'));
}

function sendAnswer(response: ServerResponse, { status, code, message }: ErrorAnswer): void {
  sendText(response, status, 'application/json', JSON.stringify({ error: { code, message } }));
}

function sendText(response: ServerResponse, status: number, type: string, text: string): void {
  response.statusCode = status;
  // A file that could not be sent has left its own type, validators and caching here.
  for (const name of ['ETag', 'Last-Modified', 'Accept-Ranges', 'Cache-Control']) response.removeHeader(name);
  response.setHeader('Content-Type', `${type}; charset=utf-8`);
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Vary', 'Accept');
  response.end(text);
}
