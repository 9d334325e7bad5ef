import type { RelayAnswer } from '../../../ports/relay.ts';
import type { Endpoint, Exchange } from './exchange.ts';
import { redact } from './redact.ts';

/** Statuses by which a server says that it did not look at the request; 408, 409, 425 and 5xx leave it open. */
const REFUSING_STATUSES: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 413, 415, 429]);
/** JSON-RPC's own codes for a request that was not carried out: malformed, unknown method, wrong parameters. */
const REFUSING_CODES: ReadonlySet<number> = new Set([-32700, -32600, -32601, -32602]);
/**
 * Words of geth's checks before a transaction enters a pool, and of the express lane's; "already known" and nonces are
 * not among them on purpose.
 */
const REFUSING_WORDS =
  /replacement transaction underpriced|insufficient funds|intrinsic gas too (?:low|high)|exceeds (?:the )?block gas limit|invalid chain ?id|max fee per gas less than block base fee|priority fee per gas (?:higher than max fee|must be above zero)|oversized data|NOT_EXPRESS_LANE_CONTROLLER|NO_ONCHAIN_CONTROLLER|BAD_ROUND_NUMBER|WRONG_SIGNATURE|SEQUENCE_NUMBER_TOO_LOW/i;
/** Words that mean that somebody has the transaction, whatever the code says. */
const HELD_WORDS = /already (?:known|imported|exists)|known transaction|nonce too low|ALREADY_SEEN/i;

/**
 * What an exchange means for the bytes that were handed over. Only what is certain is `refused`: the request was
 * malformed, not admitted, or failed a check that every pool makes.
 *
 * @param isAcceptance whether a result is the one that stands for acceptance
 * @param endpoint the relay's, whose secrets are kept out of the detail
 */
export function answerOf(
  exchange: Exchange,
  isAcceptance: (result: unknown) => boolean,
  endpoint: Pick<Endpoint, 'url' | 'hidden'>,
): RelayAnswer {
  switch (exchange.kind) {
    case 'result':
      return isAcceptance(exchange.result)
        ? { status: 'accepted', detail: 'accepted' }
        : { status: 'unknown', detail: 'the answer is not the one that is expected', isRelayFault: true };
    case 'error': {
      const status = isCertain(exchange) ? 'refused' : 'unknown';
      const code = exchange.code === null ? '' : ` (${exchange.code})`;
      const detail = redact(`${exchange.message}${code}`, endpoint.url, endpoint.hidden);
      return { status, detail, ...faultIf(isOverloaded(exchange.status) || isInternal(exchange)) };
    }
    case 'http': {
      const isRefused = REFUSING_STATUSES.has(exchange.status);
      return {
        status: isRefused ? 'refused' : 'unknown',
        detail: `HTTP ${exchange.status}`,
        ...faultIf(!isRefused || isOverloaded(exchange.status)),
      };
    }
    case 'held':
      return { status: 'refused', detail: `not sent: ${exchange.why}` };
    case 'fault': {
      const detail = redact(exchange.what, endpoint.url, endpoint.hidden);
      return { status: 'unknown', detail, isRelayFault: true };
    }
  }
}

function isCertain({ status, code, message }: Extract<Exchange, { kind: 'error' }>): boolean {
  if (HELD_WORDS.test(message)) return false;
  if (status >= 500) return false;
  return REFUSING_STATUSES.has(status) || REFUSING_CODES.has(code ?? 0) || REFUSING_WORDS.test(message);
}

const isOverloaded = (status: number) => status === 429 || status >= 500;

/** JSON-RPC's own code for a fault of the server, and EIP-1474's for a limit that was passed. */
const isInternal = ({ code, message }: Extract<Exchange, { kind: 'error' }>) =>
  (code === -32_603 || code === -32_005) && !HELD_WORDS.test(message);

const faultIf = (isFault: boolean) => (isFault ? { isRelayFault: true as const } : {});
