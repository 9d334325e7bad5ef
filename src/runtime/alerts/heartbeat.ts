import { BallastError } from '../../core/errors.ts';
import { havePassed } from '../../core/havePassed.ts';
import type { Clock, Log } from '../../ports/ambient.ts';

const TIMEOUT_MS = 10_000;

/** Calls an address as long as somebody says that all is well. */
export interface Heartbeat {
  /** All is well: calls the address where it is time to. Returns at once. */
  beat(): void;
}

/**
 * A dead man's switch. The one who is called raises the alarm when the calls stop, so one that fails is only logged and
 * the next beat tries again; one that hangs ends after its time limit.
 *
 * @param url may be the secret itself, so it is never logged
 */
export function createHeartbeat(
  url: string,
  everySeconds: number,
  tools: { readonly fetch: typeof globalThis.fetch; readonly clock: Clock; readonly log: Log },
): Heartbeat {
  let lastSeconds = Number.NEGATIVE_INFINITY;
  let isCalling = false;
  const call = async () => {
    try {
      const response = await tools.fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
      await response.body?.cancel();
      if (!response.ok) tools.log.warn({ status: response.status }, 'the heartbeat was not taken');
      else lastSeconds = tools.clock.nowSeconds();
    } catch {
      tools.log.warn({}, 'the heartbeat did not reach its address');
    } finally {
      isCalling = false;
    }
  };
  return {
    beat() {
      if (isCalling || !havePassed(everySeconds, lastSeconds, tools.clock.nowSeconds())) return;
      isCalling = true;
      void call();
    },
  };
}

/** The address of the heartbeat is not in the environment. */
export class HeartbeatMissingError extends BallastError {
  constructor(variable: string) {
    super(
      'HEARTBEAT_MISSING',
      `the environment variable ${variable} of heartbeat is not set, or holds no address`,
      {
        facts: { variable },
        action: `set ${variable}; its value is never shown`,
      },
    );
  }
}
