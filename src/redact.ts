/** Takes user and password out of every URL in a text, so that it may be shown, logged or kept. */
export function redactCredentials(text: string): string {
  return text.replaceAll(/\b([a-z][a-z0-9+.-]*:\/\/)[^@/\s]*@/gi, '$1***@');
}
