import type { ReasonCode } from '../decision.ts';

/** Each reason in at most three words, for tables; the decision's own sentence says it with its numbers. */
const WORDS: Readonly<Record<ReasonCode, string>> = {
  insideBand: 'inside band',
  notDue: 'not due yet',
  belowMinimum: 'trade too small',
  inventory: 'nothing left to trade',
  spacing: 'too soon after last',
  orderOpen: 'an order is open',
  gasCap: 'gas above cap',
  gasPerDay: 'day’s gas used up',
  gasWait: 'gas is dear',
  turnover: 'turnover used up',
  noLiquidity: 'pools too thin',
  simulation: 'simulation failed',
  fillMismatch: 'fill not as planned',
  wrongWay: 'would miss target',
  stopping: 'keeper is stopping',
  breaker: 'a breaker tripped',
  notArmed: 'not armed',
  beyondBand: 'beyond band',
  due: 'due',
  sliced: 'first slice only',
  reducing: 'reducing margin use',
  oracleStale: 'oracle is stale',
  oracleInvalid: 'oracle is invalid',
  oracleDiverges: 'oracle far from pools',
  volatilityStale: 'volatility is stale',
  volatilityInvalid: 'no volatility',
  stress: 'margin under stress',
  paused: 'paused on chain',
  keeperNotAllowed: 'not a keeper',
  moduleNotEnabled: 'module not enabled',
  noPool: 'no pool allowed',
  failures: 'too many failures',
  lossLimit: 'loss a day',
  turnoverLimit: 'turnover a day',
  gasLimit: 'gas a day',
  slippageLimit: 'slippage',
  staleLimit: 'stale too long',
  dataFault: 'impossible data',
  gasMoney: 'no gas money',
  foreignTransaction: 'key used elsewhere',
  signerFault: 'signer fault',
  journalFault: 'journal fault',
  chainFault: 'chain fault',
  finalityBroken: 'finality broken',
};

/** A reason in a few words, where only its code is known. */
export function reasonWords(code: string): string {
  return WORDS[code as ReasonCode] ?? code;
}
