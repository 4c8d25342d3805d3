import { SoundalikeError } from '../errors.ts';
import type { Recommendations } from './api/recommendation-schemas.ts';

/** An open page of a listener. */
export interface LivePage {
  show(list: Recommendations): void;
  /** Called every few seconds, so that neither end nor anything between takes the connection for dead. */
  keepAlive(): void;
}

/**
 * Milliseconds between two looks at the list of every open page. Updates are told at once; this finds what a lost
 * message would have told, and that the index has changed.
 */
const LOOK_AGAIN = 10_000;

/** Pages of one listener, and of all; a page costs a connection. */
const MOST_OF_ONE = 50;
const MOST = 2_000;

/** The pages that are open on this process. */
export interface LivePages {
  /**
   * Shows a page its listener's list now and whenever it may be another one.
   *
   * @returns To be called when the page is gone.
   * @throws SoundalikeError TOO_MANY_REQUESTS
   */
  open(listener: string, page: LivePage): () => void;
  /** Shows the pages of a listener the list, where there are any. */
  refresh(listener: string): void;
}

export function createLivePages(
  read: (listener: string) => Promise<Recommendations>,
  logFault: (error: unknown) => void,
): LivePages {
  const pages = new Map<string, Set<LivePage>>();
  /** Listeners whose list is being read, and whether it may have changed since. */
  const reading = new Map<string, boolean>();
  let timer: NodeJS.Timeout | undefined;

  async function show(listener: string): Promise<void> {
    if (reading.has(listener)) {
      reading.set(listener, true);
      return;
    }
    try {
      do {
        reading.set(listener, false);
        const list = await read(listener);
        for (const page of pages.get(listener) ?? []) page.show(list);
      } while (reading.get(listener));
    } catch (error) {
      // Without an index there is nothing to show yet.
      if (!(error instanceof SoundalikeError && error.code === 'INDEX_NOT_FOUND')) logFault(error);
    } finally {
      reading.delete(listener);
    }
  }

  const refresh = (listener: string) => {
    if (pages.has(listener)) void show(listener);
  };

  const lookAgain = () => {
    for (const [listener, open] of pages) {
      for (const page of open) page.keepAlive();
      refresh(listener);
    }
  };

  const count = () => Array.from(pages.values(), ({ size }) => size).reduce((sum, size) => sum + size, 0);

  return {
    refresh,
    open(listener, page) {
      const open = pages.get(listener) ?? new Set();
      if (open.size >= MOST_OF_ONE || count() >= MOST) {
        throw new SoundalikeError('TOO_MANY_REQUESTS', 'too many pages are open: close some of them');
      }
      pages.set(listener, open.add(page));
      timer ??= setInterval(lookAgain, LOOK_AGAIN);
      refresh(listener);
      return () => {
        open.delete(page);
        if (open.size === 0) pages.delete(listener);
        if (pages.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}
