import type { LiquidityRange } from '../../core/amm/liquidityLayers.ts';
import type { Sight } from '../../core/decide.ts';
import { netExposure } from '../../core/exposure/netExposure.ts';
import { type FairPrice, fairPrice, tradableWays } from '../../core/hedge/fairPrice.ts';
import { sharedCosts } from '../../core/hedge/sharedCosts.ts';
import type { BlockFacts } from '../../core/snapshot.ts';
import type { MarketFacts } from '../../engine/read/readVault.ts';
import type { PoolPlan } from '../backtest/poolPlan.ts';
import { rememberedExposures } from '../backtest/rememberedExposures.ts';
import { laidPools, type PoolsAt, type Replica } from '../backtest/replica.ts';
import { priceReading, volatilityReading } from '../backtest/simulatedState.ts';
import type { MarketPath } from '../market/marketPath.ts';

/** What of a step is the same for every run over the market: its block, and all of the market but the vault's positions. */
export interface StepFacts extends Omit<MarketFacts, 'positions'> {
  readonly block: BlockFacts;
}

/** Of a step: oracle, pools and rules are the same for all runs over it. */
const costsOfStep = () => sharedCosts(() => true);

const remembered = <T>(value: T) => ({ value, memory: undefined });

interface Asked {
  readonly minTradeQuote: number;
  readonly maxSlippageBps: number;
  readonly fair: FairPrice;
}

/**
 * What a market shows step by step, worked out once for all runs that go over it side by side: pools, readings, the fair
 * price, the greeks of what no hedge changes. All of it is what the functions themselves would give.
 */
export class MarketSight {
  readonly #market: MarketPath;
  readonly poolsAt: PoolsAt;
  readonly exposureOf = rememberedExposures();
  #step = Number.NaN;
  #facts: StepFacts | null = null;
  #fair: Asked[] = [];
  #ways: ReturnType<typeof tradableWays> | null = null;
  #costs = costsOfStep();

  /** @param own ranges of the vault in the first pool */
  constructor(market: MarketPath, pools: readonly PoolPlan[], own: readonly LiquidityRange[]) {
    this.#market = market;
    this.poolsAt = laidPools(market, pools, own);
  }

  /** How a decision of any run looks at the snapshot of the step that {@link factsAt} was last asked for. */
  readonly sight: Sight = {
    fairPrice: (snapshot, oracle, limits) => {
      const { minTradeQuote, maxSlippageBps } = limits;
      const known = this.#fair.find(
        (asked) => asked.minTradeQuote === minTradeQuote && asked.maxSlippageBps === maxSlippageBps,
      );
      if (known !== undefined) return known.fair;
      const fair = fairPrice(snapshot, oracle, limits);
      this.#fair.push({ minTradeQuote, maxSlippageBps, fair });
      return fair;
    },
    netExposure: (snapshot, spot) => netExposure(snapshot, spot, this.exposureOf),
    tradableWays: (snapshot) => {
      this.#ways ??= tradableWays(snapshot);
      return this.#ways;
    },
    // Runs that see the same gas share the curves.
    hedgeCosts: (...asked) => this.#costs(...asked),
  };

  /**
   * What a replica of the market shows at the step that it stands at.
   *
   * @throws InvalidInputError when the feed's price is none
   */
  factsAt(replica: Replica): StepFacts {
    const { step } = replica;
    if (step === this.#step && this.#facts !== null) return this.#facts;
    const block = replica.head;
    this.#step = step;
    this.#facts = null;
    this.#fair = [];
    this.#ways = null;
    this.#costs = costsOfStep();
    this.#facts = {
      block,
      pools: replica.pools.map(remembered),
      prices: [priceReading(this.#market, step, block)],
      volatilities: [remembered(volatilityReading(this.#market, step, block))],
      dataFee: null,
    };
    return this.#facts;
  }
}
