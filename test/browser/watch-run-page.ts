import type { BrowserContext, Page } from 'playwright-core';

/** Where the numbers stand that a run can only add to. */
const COUNTS = {
  percent: '#summary [data-part=percent]',
  analysed: '#summary [data-part=analysed]',
  extracted: '#stages > li:nth-child(2) dd[data-part=done]',
  written: '#stages > li:nth-child(3) dd[data-part=done]',
};

/** Lists whose rows come and go; everything else of the page stays as long as the page does. */
const LISTS = ['#workers', '#stragglers', '#failures'];

/** Runs in the page from its beginning, and writes down what an eye would see as flicker. */
const WATCH = `
addEventListener('DOMContentLoaded', () => {
  const status = document.getElementById('status');
  if (!status) return;
  const highest = {};
  const faults = (globalThis.flicker = []);
  globalThis.forgetCounts = () => Object.keys(highest).forEach((name) => delete highest[name]);
  new MutationObserver((changes) => {
    for (const { target, removedNodes } of changes) {
      const element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
      if (element?.closest('${LISTS.join(', ')}')) continue;
      for (const node of removedNodes) if (node.nodeType === Node.ELEMENT_NODE) faults.push('removed ' + node.outerHTML);
    }
    if (status.hidden) faults.push('hidden again');
    for (const [name, selector] of Object.entries(${JSON.stringify(COUNTS)})) {
      const count = Number.parseInt(status.querySelector(selector)?.textContent.replaceAll(',', '') || '0', 10);
      if (count < (highest[name] ?? 0)) faults.push(name + ' fell from ' + highest[name] + ' to ' + count);
      highest[name] = count;
    }
  }).observe(status, { childList: true, characterData: true, subtree: true });
});`;

/** Watches each Run page that is opened from now on. */
export const watchRunPages = (context: BrowserContext) => context.addInitScript(WATCH);

/** What flickered since the page was opened: nodes made anew, numbers that went back. */
export const flickerOf = (page: Page) => page.evaluate<string[]>('globalThis.flicker');

/** A retry takes back what is analysed again, so the numbers may begin anew. */
export const forgetCounts = (page: Page) => page.evaluate('globalThis.forgetCounts()');
