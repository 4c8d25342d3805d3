/** Text as HTML, in an element or a quoted attribute. */
export function escapeMarkup(text: string): string {
  const escapes: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (character) => escapes[character]!);
}

/**
 * A page that is made by the server and has no script of its own.
 *
 * @param title Text.
 * @param styles Names below /assets, beside the style that all pages have.
 * @param content Markup.
 */
export function pageMarkup(title: string, styles: readonly string[], content: string): string {
  const sheets = ['base.css', ...styles].map((name) => `<link rel="stylesheet" href="/assets/${name}" />`);
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${escapeMarkup(title)} · soundalike</title>
    <link rel="icon" type="image/svg+xml" href="/assets/mark.svg" />
    ${sheets.join('\n    ')}
  </head>
  <body>
    <header class="top">
      <a class="brand" href="/"><img src="/assets/mark.svg" alt="" /><span>soundalike</span></a>
      <nav aria-label="Pages">
        <a href="/">Player</a>
        <a href="/runs">Runs</a>
        <a href="/queues/">Queues</a>
      </nav>
    </header>
    <main class="sheet">
${content}
    </main>
  </body>
</html>
`;
}
