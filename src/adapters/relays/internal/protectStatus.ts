import { messageOf } from '../../../core/errors.ts';
import type { Hash } from '../../../core/units.ts';
import type { RelayAdvice } from '../../../ports/relay.ts';
import { boundedText } from '../../chain/boundedText.ts';
import type { Endpoint } from './exchange.ts';
import { redact } from './redact.ts';

const MAX_ANSWER_BYTES = 262_144;
const STATUSES: Readonly<Record<string, RelayAdvice['status']>> = {
  PENDING: 'pending',
  INCLUDED: 'included',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
};

/** What Protect's status endpoint says of a transaction: advice only. Never throws. */
export async function adviceFrom(endpoint: Endpoint, transactionHash: Hash): Promise<RelayAdvice> {
  const { url, timeoutMs, fetch } = endpoint;
  try {
    const address = new URL(url);
    address.pathname = `${address.pathname.replace(/\/$/, '')}/tx/${transactionHash}`;
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(address, { redirect: 'error', signal });
    const text = await boundedText(response, MAX_ANSWER_BYTES, signal);
    if (!response.ok) return { status: 'unknown', detail: `HTTP ${response.status}` };
    return read(JSON.parse(text), transactionHash, url);
  } catch (error) {
    const isSilent = error instanceof Error && error.name === 'TimeoutError';
    const words = isSilent ? `no answer within ${timeoutMs} ms` : messageOf(error);
    return { status: 'unknown', detail: redact(words, url) };
  }
}

function read(value: unknown, transactionHash: Hash, url: string): RelayAdvice {
  const { status, hash, simError, revertReason } = (value ?? {}) as Record<string, unknown>;
  if (typeof hash === 'string' && hash.toLowerCase() !== transactionHash.toLowerCase()) {
    return { status: 'unknown', detail: 'the answer is about another transaction' };
  }
  const words = [status, simError, revertReason].filter((word) => typeof word === 'string' && word !== '');
  const known = typeof status === 'string' && Object.hasOwn(STATUSES, status) ? STATUSES[status] : undefined;
  const detail = words.length === 0 ? 'the answer is not the one that is expected' : words.join(', ');
  return { status: known ?? 'unknown', detail: redact(detail, url) };
}
