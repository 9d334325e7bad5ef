const EVERY_MILLISECONDS = 10_000;

let lastAt = Number.NEGATIVE_INFINITY;
let waiting: string | null = null;

/** Has a sentence read aloud, at most one in ten seconds: of those in between the last is said. */
export function announce(text: string): void {
  const isFirst = waiting === null;
  waiting = text;
  if (!isFirst) return;
  setTimeout(say, Math.max(0, lastAt + EVERY_MILLISECONDS - performance.now()));
}

function say(): void {
  const live = document.getElementById('live');
  if (live !== null) live.textContent = waiting;
  waiting = null;
  lastAt = performance.now();
}
