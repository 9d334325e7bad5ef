import { swapFeePips } from '../core/amm/poolTerms.ts';
import { netExposure } from '../core/exposure/netExposure.ts';
import { fairPrice, tradablePools } from '../core/hedge/fairPrice.ts';
import { hedgeCosts } from '../core/hedge/hedgeCosts.ts';
import type { Position } from '../core/position.ts';
import { type MarginStanding, marginStandings } from '../core/risk/marginStanding.ts';
import { usableOracle } from '../core/risk/oracle.ts';
import { type OwnersAdvice, ownersAdvice } from '../core/risk/reduce/ownersAdvice.ts';
import { type CrashNeeds, crashNeeds } from '../core/risk/stress/crashNeeds.ts';
import {
  type HorizonLoss,
  horizonLoss,
  type JumpLoss,
  jumpLoss,
  usualJumps,
} from '../core/risk/stress/jumpLoss.ts';
import { type Reach, reach } from '../core/risk/stress/reach.ts';
import {
  calmLevels,
  nextLevels,
  overallLevel,
  type StressFigures,
  stressFigures,
} from '../core/risk/stress/stressFigures.ts';
import type { StressLevel } from '../core/risk/stress/stressLevel.ts';
import { defaultStressLimits, type StressLimits } from '../core/risk/stress/stressLimits.ts';
import { type StressCase, type StressInput, stressTest } from '../core/risk/stress/stressTest.ts';
import { stressInputOf } from '../core/risk/stress/stressView.ts';
import { volatilityObstacle } from '../core/risk/volatilitySource.ts';
import type { BlockFacts, Snapshot } from '../core/snapshot.ts';
import { SECONDS_PER_DAY, sameAddress, type Token, toWhole } from '../core/units.ts';
import type { VaultSetup } from '../engine/world.ts';

/** How far a fall within one day is tried that a mandate has to leave room for. */
export const CRASH = -0.3;

/** Chainlink's deviation threshold of the large dollar pairs, bps: what the oracle may lag by. */
const ORACLE_DEVIATION_BPS = 50;

/** A vault tried: every case, what it says together, and what a crash asks of its mandate. */
export interface StressReport {
  readonly vault: string;
  readonly base: Token;
  readonly quote: Token;
  readonly block: BlockFacts;
  /** Fair price, quote per base. */
  readonly spot: number;
  readonly netDelta: number;
  readonly input: StressInput;
  /** How near to liquidation each lending account is that owes something. */
  readonly margin: readonly MarginStanding[];
  readonly cases: readonly StressCase[];
  readonly reach: Reach;
  readonly figures: StressFigures;
  readonly level: StressLevel;
  /** Whether the config sets what is tried; otherwise these are the defaults. */
  readonly isConfigured: boolean;
  readonly limits: StressLimits;
  readonly jump: JumpLoss;
  readonly day: HorizonLoss;
  /** Null where the account's guard keeps no turnover bucket. */
  readonly crash: CrashNeeds | null;
  /** What only the owners can do to shrink the vault, the most risk per quote first. */
  readonly owners: readonly OwnersAdvice[];
}

/** A vault that could not be tried: it could not be read, or nothing says what it is worth. */
export interface Untried {
  readonly vault: string;
  readonly why: string;
}

/**
 * Tries a vault as it stands at a snapshot, with its own stress limits or the defaults.
 *
 * @throws InvalidInputError when a position or a limit is impossible
 */
export function stressReport(snapshot: Snapshot, { terms, limits }: VaultSetup): StressReport | Untried {
  const oracle = usableOracle(snapshot);
  if ('code' in oracle) return { vault: terms.name, why: oracle.why };
  const unpriced = volatilityObstacle(snapshot.observed, snapshot.chain.block);
  if (unpriced !== null) return { vault: terms.name, why: unpriced.why };
  const { spot } = fairPrice(snapshot, oracle, limits);
  const rules = limits.stress ?? defaultStressLimits;
  const slippageBps = Math.min(limits.maxSlippageBps, snapshot.chain.guard.maxSlippageBps);
  const input = stressInputOf(snapshot, spot, oracle, hedgeCosts(snapshot, spot, limits), slippageBps, rules);
  const cases = stressTest(input);
  const found = reach(input);
  const figures = stressFigures(cases, found, input.borrowing.minHealthFactor, rules);
  return {
    vault: terms.name,
    base: terms.base,
    quote: terms.quote,
    block: snapshot.chain.block,
    spot,
    netDelta: netExposure(snapshot, spot).netDelta,
    input,
    margin: marginStandings(snapshot),
    cases,
    reach: found,
    figures,
    level: overallLevel(nextLevels(snapshot.history.precautions?.levels ?? calmLevels, figures, rules)),
    isConfigured: limits.stress !== null && limits.stress !== undefined,
    limits: rules,
    jump: jumpLoss(input.positions, input.view, usualJumps),
    day: horizonLoss(input.positions, input.view, usualJumps, SECONDS_PER_DAY),
    crash: crashOf(snapshot, input),
    owners: ownersAdvice(
      input.positions.filter((position) => !isKeepersOwn(position, snapshot)),
      input.view,
    ),
  };
}

/** Liquidity that the mandate lets the keeper itself withdraw, in a pool that it reads. */
function isKeepersOwn(position: Position, { chain: { guard, pools } }: Snapshot): boolean {
  if (position.kind !== 'liquidity' || position.nft === undefined) return false;
  const isReached =
    guard.positionManager !== undefined && sameAddress(position.nft.manager, guard.positionManager);
  return isReached && pools.some(({ address }) => sameAddress(address, position.pool));
}

function crashOf(snapshot: Snapshot, input: StressInput): CrashNeeds | null {
  const { guard } = snapshot.chain;
  const { turnoverCapacityRaw, turnoverRefillPerDayRaw } = guard;
  if (turnoverCapacityRaw === undefined || turnoverRefillPerDayRaw === undefined) return null;
  const whole = (raw: bigint) => toWhole(raw, snapshot.vault.quote.decimals);
  const fees = tradablePools(snapshot).map((pool) => swapFeePips(pool, true) / 100);
  const room = {
    turnoverCapacityQuote: whole(turnoverCapacityRaw),
    turnoverRefillPerDayQuote: whole(turnoverRefillPerDayRaw),
    maxSlippageBps: guard.maxSlippageBps,
    oracleDeviationBps: ORACLE_DEVIATION_BPS,
    poolFeeBps: fees.length === 0 ? 0 : Math.min(...fees),
  };
  return crashNeeds(input, room, CRASH);
}
