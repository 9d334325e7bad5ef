import { ask } from './api.ts';

/** Silence after which the server counts as lost; it gives a sign of life every five seconds. */
const SILENT_MILLISECONDS = 12_000;
const RETRY_MILLISECONDS = [500, 1_000, 2_000, 5_000];

/** What the page hears of the server. */
export interface LiveListener {
  /** There is something new, or the server is there again. */
  onNews(version: number): void;
  onConnection(isConnected: boolean): void;
  onTokenNeeded(): void;
}

/** Listens to the server for good: server-sent events, read by hand since they need a token in their request. */
export async function listen(listener: LiveListener): Promise<never> {
  for (let failures = 0; ; failures += 1) {
    try {
      const isRefused = await listenOnce(listener, () => {
        failures = 0;
      });
      if (isRefused) {
        listener.onTokenNeeded();
        await new Promise<void>((resolve) =>
          addEventListener('ballast:token', () => resolve(), { once: true }),
        );
      }
    } catch {
      // A lost server is a state of the page, not an error: it is asked again below.
    }
    listener.onConnection(false);
    const wait = RETRY_MILLISECONDS[Math.min(failures, RETRY_MILLISECONDS.length - 1)]!;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** @returns true where the server wants a token */
async function listenOnce(listener: LiveListener, onAlive: () => void): Promise<boolean> {
  const controller = new AbortController();
  let timer = setTimeout(() => controller.abort(), SILENT_MILLISECONDS);
  try {
    const response = await ask('events', controller.signal);
    if (response.status === 401) return true;
    if (!response.ok || response.body === null) return false;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let [version, text] = [-1, ''];
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return false;
      clearTimeout(timer);
      timer = setTimeout(() => controller.abort(), SILENT_MILLISECONDS);
      onAlive();
      listener.onConnection(true);
      text += value;
      const messages = text.split('\n\n');
      text = messages.pop() ?? '';
      const newest = messages.map(versionIn).findLast((found) => found !== null) ?? null;
      if (newest !== null && newest !== version) {
        version = newest;
        listener.onNews(newest);
      }
    }
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}

function versionIn(message: string): number | null {
  const data = /^data: ?(.*)$/m.exec(message)?.[1];
  if (data === undefined) return null;
  try {
    return (JSON.parse(data) as { readonly version: number }).version;
  } catch {
    return null;
  }
}
