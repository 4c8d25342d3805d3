import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { inEachLook, type Size } from './chromium.ts';

/** CSS pixels of a side of what a finger is to press (WCAG 2.2, 2.5.5). */
const FINGER = 44;

/** What axe-core calls serious or critical: `color-contrast: #library .genre (…)`. */
async function faultsOf(page: Page): Promise<string[]> {
  // Rows that are still fading in have too little contrast, also those that come meanwhile.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.evaluate(`Promise.allSettled(
    document.getAnimations()
      .filter((animation) => animation.effect.getComputedTiming().endTime !== Infinity)
      .map((animation) => animation.finished),
  )`);
  // By the debugger's protocol, which the content security policy of the page does not hold back.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>("axe.run({ resultTypes: ['violations'] })");
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary = '' }) => `${id}: ${target.join(' ')} (${failureSummary})`),
    );
}

/** Expects that axe-core finds nothing serious on the page as it stands: wide and narrow, light and dark. */
export async function expectAccessible(page: Page, sizes?: readonly Size[]): Promise<void> {
  const found: Record<string, string[]> = {};
  const look = async (name: string) => {
    const faults = await faultsOf(page);
    if (faults.length > 0) found[name] = faults;
  };
  await inEachLook(page, look, sizes);
  await page.emulateMedia({ reducedMotion: null });
  expect.soft(found).toEqual({});
}

/**
 * Expects that whatever can be pressed is large enough for a finger. Sliders, which are as long as there is room, and
 * what is out of the window are passed over.
 */
export async function expectTouchable(page: Page): Promise<void> {
  const small = await page.evaluate<string[]>(`
    [...document.querySelectorAll('button, a, select, input:not([type=range])')].flatMap((element) => {
      const { width, height, bottom, left } = element.getBoundingClientRect();
      const seen = element.checkVisibility({ visibilityProperty: true }) && bottom > 0 && left < innerWidth;
      const tooSmall = Math.round(width) < ${FINGER} || Math.round(height) < ${FINGER};
      return seen && tooSmall ? [element.outerHTML.slice(0, 120) + ' ' + width + ' × ' + height] : [];
    })
  `);
  expect.soft(small).toEqual([]);
}
