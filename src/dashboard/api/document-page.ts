import { escapeMarkup, pageMarkup } from '../markup.ts';
import type { OpenApi, Operation } from './openapi.ts';
import { schemaMarkup } from './schema-markup.ts';

/** The OpenAPI document for people, without a script. */
export function documentPage({ info, paths, servers, components }: OpenApi): string {
  const base = servers[0]?.url ?? '';
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const contents = operations.map(
    ({ path, method, operation }) =>
      `<li><a href="#${operation.operationId}">${route(method, base + path)}</a></li>`,
  );
  const named = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `<section class="card" id="schema-${name}"><h3>${name}</h3><pre tabindex="0">${schemaMarkup(schema)}</pre></section>`,
  );
  const content = [
    `<h1>${escapeMarkup(info.title)} API</h1>`,
    `<p>${escapeMarkup(info.description)} The same for programs: <a href="/api/openapi.json">OpenAPI 3.1</a>.</p>`,
    `<nav aria-label="Routes"><ul class="card contents">${contents.join('')}</ul></nav>`,
    '<h2>Routes</h2>',
    ...operations.map(({ path, method, operation }) => section(method, base + path, operation)),
    '<h2>Schemas</h2>',
    ...named,
  ];
  return pageMarkup('API', ['runs.css', 'api-page.css'], content.join('\n'));
}

function section(method: string, path: string, operation: Operation): string {
  const { operationId, summary, parameters, requestBody, responses, security } = operation;
  const open = security.some((needed) => Object.keys(needed).length === 0);
  return [
    `<section class="card" id="${operationId}">`,
    `<h3>${route(method, path)}</h3>`,
    `<p>${escapeMarkup(summary)}${open ? '' : ' <span class="badge">administrator</span>'}</p>`,
    parameters.length > 0 ? parameterTable(parameters) : '',
    ...(requestBody ? [contentMarkup('Body', requestBody.content)] : []),
    ...Object.entries(responses).map(([status, { description, content }]) =>
      status === '200'
        ? contentMarkup('Answer', content)
        : `<p class="small"><strong>${status}</strong> ${escapeMarkup(description)}</p>`,
    ),
    '</section>',
  ].join('\n');
}

function contentMarkup(title: string, content: NonNullable<Operation['requestBody']>['content']): string {
  return Object.entries(content)
    .map(([type, { schema }]) => {
      const shown = Object.keys(schema).length > 0 ? `<pre tabindex="0">${schemaMarkup(schema)}</pre>` : '';
      return `<p class="small">${title} <code>${escapeMarkup(type)}</code></p>${shown}`;
    })
    .join('');
}

function parameterTable(parameters: Operation['parameters']): string {
  const rows = parameters.map(({ name, required, description, schema }) => {
    const cells = [schemaMarkup(schema), escapeMarkup(description)].map((cell) => `<td>${cell}</td>`);
    const optional = required ? '' : '?';
    return `<tr><th scope="row"><code>${escapeMarkup(name)}${optional}</code></th>${cells.join('')}</tr>`;
  });
  return `<div class="wide" tabindex="0" role="region" aria-label="Parameters"><table>
<thead><tr><th scope="col">Parameter</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead>
<tbody>${rows.join('')}</tbody></table></div>`;
}

const route = (method: string, path: string) =>
  `<code><span class="method">${method.toUpperCase()}</span> ${escapeMarkup(path)}</code>`;
