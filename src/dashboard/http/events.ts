import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { JournalWatch } from '../journalWatch.ts';

/** A sign of life at least so often, so that a page knows when it has lost the server. */
const HEARTBEAT_MILLISECONDS = 5_000;
/** News come together for so long before they are told. */
const GATHER_MILLISECONDS = 250;
/** Pages that may listen at a time. */
export const MOST_LISTENERS = 32;

/** Counts who listens, so that nobody ties up the keeper's machine. */
export interface Listeners {
  count: number;
}

/** Tells a page when there is something new: a version, never data. */
export function eventStream(
  context: Context,
  watch: JournalWatch,
  listeners: Listeners,
  ending: AbortSignal,
): Response {
  return streamSSE(context, async (stream) => {
    listeners.count += 1;
    const bell = new Bell();
    const deaf = watch.onChange(() => bell.ring());
    const end = () => bell.ring();
    ending.addEventListener('abort', end, { once: true });
    stream.onAbort(end);
    try {
      while (!stream.aborted && !ending.aborted) {
        await stream.writeSSE({ event: 'version', data: JSON.stringify({ version: watch.version }) });
        await stream.sleep(GATHER_MILLISECONDS);
        if (stream.aborted || ending.aborted) return;
        await bell.rung(HEARTBEAT_MILLISECONDS);
      }
    } finally {
      deaf();
      ending.removeEventListener('abort', end);
      listeners.count -= 1;
    }
  });
}

/** Something to wait for, with a longest wait. */
class Bell {
  #wake: (() => void) | null = null;
  #isRung = false;

  ring(): void {
    this.#isRung = true;
    this.#wake?.();
  }

  async rung(milliseconds: number): Promise<void> {
    if (!this.#isRung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#wake = null;
    this.#isRung = false;
  }
}
