import type { RelayAnswer } from '../../ports/relay.ts';

/** How often the same bytes are handed to a relay again, and how long apart. */
export interface RetryPolicy {
  /** Tries after the first. */
  readonly retries: number;
  readonly firstDelaySeconds: number;
  readonly maxDelaySeconds: number;
}

/**
 * Whether handing the same bytes to the same relay again may help. It is always safe: they are one transaction of one
 * nonce, which executes at most once however often it arrives. It is of use only where the relay itself was at fault; a
 * word about the bytes would be the same word again.
 */
export function isWorthRetrying({ status, isRelayFault }: RelayAnswer): boolean {
  return status !== 'accepted' && isRelayFault === true;
}

/**
 * Seconds before a retry: full jitter under a ceiling that doubles (Brooker, "Exponential backoff and jitter", 2015), so
 * that keepers which failed together do not come back together. The same order, relay and retry always wait the same,
 * so that a run can be repeated.
 *
 * @param retry 1 for the first
 * @param seed what tells this hand-over from others, such as the transaction's hash and the relay's name
 */
export function retryDelaySeconds(policy: RetryPolicy, retry: number, seed: string): number {
  const ceiling = Math.min(policy.maxDelaySeconds, policy.firstDelaySeconds * 2 ** (retry - 1));
  return ceiling * fraction(`${seed}:${retry}`);
}

/** A number in [0, 1) that looks random: FNV-1a (Fowler, Noll, Vo, 1991) with the final mixing of MurmurHash3 (Appleby, 2011). */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/**
 * What two answers about the same bytes come to. An acceptance stays; and once a try may have reached the relay, a later
 * refusal takes nothing back.
 */
export function combinedAnswer(earlier: RelayAnswer | null, later: RelayAnswer): RelayAnswer {
  if (earlier === null || later.status === 'accepted') return later;
  if (earlier.status === 'accepted') return earlier;
  if (earlier.status !== 'unknown' || later.status !== 'refused') return later;
  return {
    ...later,
    status: 'unknown',
    detail: `${later.detail}; an earlier try may have arrived: ${earlier.detail}`,
  };
}
