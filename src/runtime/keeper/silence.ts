import type { Alert, Clock } from '../../ports/ambient.ts';

/** Longest wait between two looks, seconds. */
const MOST_PAUSE_SECONDS = 60;

/** What a keeper's silence is watched with. */
export interface SilenceOptions {
  /** Without a decision for longer than this, people are told; seconds. */
  readonly patienceSeconds: number;
  readonly clock: Clock;
  readonly alerts: Alert & { turn(): void };
  /** Whether the keeper was told to stop: then nothing is decided any more, as it should be. */
  readonly isStopping: () => boolean;
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

/** A watch over a keeper's silence. */
export interface SilenceWatch {
  /** Something was decided. */
  heard(): void;
}

/** Tells when nothing was decided for a while, which a keeper that hangs cannot tell by deciding. */
export function watchSilence(options: SilenceOptions): SilenceWatch {
  const { patienceSeconds, clock, alerts, isStopping, signal } = options;
  const topic = { rule: 'silent', subject: 'keeper' } as const;
  let lastSeconds = clock.nowSeconds();
  const loop = async () => {
    while (!signal.aborted) {
      await clock.sleep(Math.min(patienceSeconds / 4, MOST_PAUSE_SECONDS) * 1_000, signal);
      // Where the clock was set back, the silence counts from there.
      lastSeconds = Math.min(lastSeconds, clock.nowSeconds());
      const silentSeconds = clock.nowSeconds() - lastSeconds;
      if (signal.aborted || isStopping() || silentSeconds <= patienceSeconds) continue;
      alerts.send('critical', `nothing was decided for ${Math.round(silentSeconds)} s`, {}, topic);
      alerts.turn();
    }
  };
  void loop();
  return {
    heard() {
      lastSeconds = clock.nowSeconds();
      alerts.send('info', 'decisions are made again', {}, { ...topic, isOver: true });
    },
  };
}
