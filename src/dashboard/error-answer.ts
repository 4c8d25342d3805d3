import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { ERRORS, SoundalikeError } from '../errors.ts';

interface ErrorAnswer {
  status: number;
  code: string;
  message: string;
}

/**
 * Answers every error as `{error: {code, message}}`. What the client has no part in (status 500 and up) goes to
 * `logFault` too; of an error that is none of the table the client learns nothing but the code INTERNAL.
 */
export function answerErrors(logFault: (error: unknown) => void): ErrorRequestHandler {
  return (error, _request, response, next) => {
    const answer = answerOf(error);
    if (answer.status >= 500) logFault(error);
    // Too late for another answer; Express cuts the connection, so that the client sees the failure.
    if (response.headersSent) return next(error);
    // The length of the file, of a 416.
    if (isHttpError(error)) response.set(error.headers ?? {});
    sendAnswer(response, answer);
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

function sendAnswer(response: ServerResponse, { status, code, message }: ErrorAnswer): void {
  response.statusCode = status;
  // A file that could not be sent has left its own type, validators and caching here.
  for (const name of ['ETag', 'Last-Modified', 'Accept-Ranges', 'Cache-Control']) response.removeHeader(name);
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  response.end(JSON.stringify({ error: { code, message } }));
}
