/** Our pages: everything from this server, nothing inline. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  // blob: a file of the listener's own, which the page plays without the server.
  "media-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Answers of the API are data and load nothing. */
export const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

/**
 * Bull Board 9.10 sets a `<base>`. Its scripts are files, but at run time they write `<style>` elements of their own: one
 * in the picture of Redis, others for the editor of a job's data, whose text changes with the theme. So hashes of its
 * page do not do, and it hands on no nonce.
 * Its page also asks for a web font of another host, which this policy refuses: it falls back to a system font.
 */
export const QUEUE_BOARD_POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
