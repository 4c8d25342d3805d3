import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';

export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  json(): ReturnType<typeof JSON.parse>;
}

/**
 * Sends a request with the path and headers exactly as given, where fetch would mend the one and forbid the other. Of an
 * answer that does not end, a stream of events, it gives the beginning.
 */
export function send(
  address: string,
  path: string,
  { body, ...options }: { method?: string; headers?: OutgoingHttpHeaders; body?: string | Buffer } = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, agent: false, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('error', reject);
      const finish = () => {
        const body = Buffer.concat(chunks);
        const { statusCode, headers } = response;
        resolve({ status: statusCode!, headers, body, json: () => JSON.parse(body.toString()) });
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (!response.headers['content-type']?.startsWith('text/event-stream')) return;
        finish();
        response.destroy();
      });
      response.on('end', finish);
    })
      .on('error', reject)
      .end(body);
  });
}
