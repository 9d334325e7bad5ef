import type { Decision, ReasonCode } from '../../core/decision.ts';
import type { RelayAnswer } from '../../ports/relay.ts';

type Kind = Decision['kind'];

/** Which kinds of decision a reason may stand in: a reason that is not here does not compile. */
const kindsOf: Readonly<Record<ReasonCode, readonly Kind[]>> = {
  insideBand: ['hold'],
  notDue: ['hold'],
  belowMinimum: ['hold'],
  spacing: ['hold'],
  orderOpen: ['hold'],
  gasCap: ['hold'],
  gasPerDay: ['hold'],
  gasWait: ['hold'],
  simulation: ['hold'],
  fillMismatch: ['hold'],
  wrongWay: ['hold'],
  stopping: ['hold'],
  notArmed: ['hold'],
  inventory: ['hold', 'hedge', 'reduce'],
  turnover: ['hold', 'hedge', 'reduce'],
  noLiquidity: ['hold', 'hedge', 'reduce'],
  beyondBand: ['hedge', 'reduce'],
  due: ['hedge', 'reduce'],
  sliced: ['hedge', 'reduce'],
  reducing: ['reduce'],
  breaker: ['hold', 'halt'],
  stress: ['hold', 'halt'],
  oracleStale: ['halt'],
  oracleInvalid: ['halt'],
  oracleDiverges: ['halt'],
  volatilityStale: ['halt'],
  volatilityInvalid: ['halt'],
  paused: ['halt'],
  keeperNotAllowed: ['halt'],
  moduleNotEnabled: ['halt'],
  noPool: ['halt'],
  failures: ['halt'],
  lossLimit: ['halt'],
  turnoverLimit: ['halt'],
  gasLimit: ['halt'],
  slippageLimit: ['halt'],
  staleLimit: ['halt'],
  dataFault: ['halt'],
  gasMoney: ['halt'],
  foreignTransaction: ['halt'],
  signerFault: ['halt'],
  journalFault: ['halt'],
  chainFault: ['halt'],
  finalityBroken: ['halt'],
};

/** Every pair of kind and reason that a decision may have. */
export const decisionLabels: readonly { readonly kind: Kind; readonly code: ReasonCode }[] = Object.entries(
  kindsOf,
).flatMap(([code, kinds]) => kinds.map((kind) => ({ kind, code: code as ReasonCode })));

/** Every reason that a vault may be halted for. */
export const haltCodes: readonly ReasonCode[] = decisionLabels
  .filter(({ kind }) => kind === 'halt')
  .map(({ code }) => code);

/** How an order may end for good. */
export const orderOutcomes = ['filled', 'reverted', 'expired', 'abandoned', 'paper'] as const;

/** One of {@link orderOutcomes}. */
export type OrderOutcome = (typeof orderOutcomes)[number];

/** What a relay may answer. */
export const relayAnswers = [
  'accepted',
  'refused',
  'unknown',
  'withheld',
] as const satisfies readonly RelayAnswer['status'][];

/** Parts of a look that are timed. */
export const stages = ['tick', 'read', 'simulate', 'sign', 'submit'] as const;

/** Which relay brought a fill, where that can be said. */
export const UNATTRIBUTED = 'unattributed';

/** Methods that nodes are asked; anything else is `other`. */
export const rpcMethods: readonly string[] = [
  'eth_blockNumber',
  'eth_call',
  'eth_chainId',
  'eth_estimateGas',
  'eth_feeHistory',
  'eth_getBalance',
  'eth_getBlockByHash',
  'eth_getBlockByNumber',
  'eth_getLogs',
  'eth_getTransactionCount',
  'eth_getTransactionReceipt',
  'other',
];

/** What may be wrong with an answer; anything else is `other`. */
export const rpcErrorCodes: readonly string[] = [
  'CHAIN_UNAVAILABLE',
  'RPC_ERROR',
  'BLOCK_GONE',
  'CORRUPT_DATA',
  'CALL_REVERTED',
  'other',
];

/** A value of a closed set, or `other`. */
export function within(known: readonly string[], value: string): string {
  return known.includes(value) ? value : 'other';
}
