import { fixed } from '../../report/format.ts';
import { requireBetween } from '../../statistics/require.ts';
import { type Reach, type ReachGrid, reach, reachGrid } from './reach.ts';
import type { StressInput } from './stressTest.ts';

/** What a mandate allows a day of. */
export interface MandateRoom {
  /** Turnover bucket when full, and what flows back into it a day, quote. */
  readonly turnoverCapacityQuote: number;
  readonly turnoverRefillPerDayQuote: number;
  readonly maxSlippageBps: number;
  /** How far the price has to move before the oracle follows, bps: its deviation threshold. */
  readonly oracleDeviationBps: number;
  /** Fee of the dearest pool that is meant to be used, bps. */
  readonly poolFeeBps: number;
}

/** What a fall of the price within a day asks of a mandate. */
export interface CrashNeeds {
  readonly priceChange: number;
  /** Whether the vault stays neutral that far with what it owns and may borrow. */
  readonly isReached: boolean;
  readonly reach: Reach;
  /** Turnover that stays neutral along the fall, and the bucket's over a day, quote. */
  readonly turnoverQuote: number;
  readonly turnoverRoomQuote: number;
  /** Deviation, pool fee and impact of the largest order, and the mandate's bound, bps. */
  readonly slippageBps: number;
  readonly slippageRoomBps: number;
  /** What is too small for the fall; empty where nothing is. */
  readonly lacks: readonly CrashLack[];
}

/** What a fall finds too small: what the vault can trade with, or what its mandate allows. */
export interface CrashLack {
  readonly of: 'means' | 'turnover' | 'slippage';
  readonly text: string;
}

/**
 * Whether a mandate leaves room for a crash: turnover to stay neutral all the way down within one day, and a price bound
 * that still lets the largest order of the way fill while the oracle lags by its threshold.
 *
 * @param fall share of the price, between -1 and 0: -0.3
 * @throws InvalidInputError when the fall is none, or a position or the market is impossible
 */
export function crashNeeds(
  input: StressInput,
  room: MandateRoom,
  fall: number,
  grid: ReachGrid = reachGrid,
): CrashNeeds {
  requireBetween('fall', fall, -1, 0);
  const found = reach(input, { ...grid, down: fall });
  const { down } = found;
  const turnoverRoomQuote = room.turnoverCapacityQuote + room.turnoverRefillPerDayQuote;
  const order = Math.min(down.largestTradeBase, input.market.capacity.sell);
  const impactBps = order > 0 ? (input.market.sell.cost(order) / (order * input.view.spot)) * 10_000 : 0;
  // The pools' costs hold their fee already; it is counted once.
  const slippageBps = room.oracleDeviationBps + Math.max(room.poolFeeBps, impactBps);
  const isReached = down.end === 'grid';
  const percent = `${Math.round(-fall * 100)} %`;
  const lacks: CrashLack[] = [];
  if (!isReached) {
    const at = `${fixed(down.priceChange * 100, 0)} %`;
    lacks.push({ of: 'means', text: `${down.end} runs out at ${at}, before a fall of ${percent}` });
  }
  if (down.turnoverQuote > turnoverRoomQuote) {
    const text = `a fall of ${percent} in a day trades ${fixed(Math.ceil(down.turnoverQuote), 0)} quote, the mandate's turnover lets ${fixed(Math.floor(turnoverRoomQuote), 0)} through`;
    lacks.push({ of: 'turnover', text });
  }
  if (slippageBps > room.maxSlippageBps) {
    const text = `the largest order needs ${Math.ceil(slippageBps)} bps against an oracle that lags, the mandate allows ${room.maxSlippageBps}`;
    lacks.push({ of: 'slippage', text });
  }
  return {
    priceChange: fall,
    isReached,
    reach: found,
    turnoverQuote: down.turnoverQuote,
    turnoverRoomQuote,
    slippageBps,
    slippageRoomBps: room.maxSlippageBps,
    lacks,
  };
}
