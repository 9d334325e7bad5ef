import type { Exposure } from '../../core/position.ts';
import { SECONDS_PER_YEAR } from '../../core/units.ts';
import type { ProfitParts, TradingCost } from './result.ts';

/** A fill against the fair price at decision and at inclusion; whole tokens. */
export interface PricedFill {
  /** Base that came in; negative where it was sold. */
  readonly signedBase: number;
  readonly fairAtDecision: number;
  readonly cost: TradingCost;
  /** Cost of the price having moved between decision and inclusion, quote. */
  readonly timing: number;
}

/** Exact quantities around one step. */
export interface StepMove {
  /** After the events of the step's beginning and before its trades. */
  readonly exposure: Exposure;
  readonly spot: number;
  readonly nextSpot: number;
  readonly volatility: number;
  readonly nextVolatility: number;
  readonly seconds: number;
  /** Change of the vault's value, before gas. */
  readonly valueChange: number;
  readonly fills: readonly PricedFill[];
  /** Gas of all attempts, failed ones included, quote. */
  readonly gas: number;
}

/** Parts that a step is taken apart into; what they leave over is not explained. */
const EXPLAINED = ['theta', 'gamma', 'vega', 'hedge', 'swapFee', 'impact', 'gas', 'timing'] as const;

type Parts = { -readonly [name in keyof ProfitParts]: number };

/** Adds steps up into where profit and loss came from. */
export class ProfitLedger {
  readonly #parts: Parts = {
    theta: 0,
    gamma: 0,
    vega: 0,
    hedge: 0,
    swapFee: 0,
    impact: 0,
    gas: 0,
    timing: 0,
    unexplained: 0,
    total: 0,
  };

  get parts(): ProfitParts {
    return { ...this.#parts };
  }

  /**
   * Books one step. Second order in price, first in time and volatility, with the greeks at the step's beginning; a trade counts
   * in full from its decision on, what it cost apart. What that leaves over is `unexplained`, so that the parts always add up.
   */
  book(move: StepMove): void {
    const { exposure, spot, nextSpot, fills, gas, valueChange } = move;
    const rise = nextSpot - spot;
    const traded = fills.reduce((sum, fill) => sum + fill.signedBase * (nextSpot - fill.fairAtDecision), 0);
    const sum = (of: (fill: PricedFill) => number) => fills.reduce((total, fill) => total + of(fill), 0);
    const step = {
      theta: exposure.theta * (move.seconds / SECONDS_PER_YEAR),
      gamma: 0.5 * exposure.gamma * rise ** 2,
      vega: exposure.vega * (move.nextVolatility - move.volatility),
      hedge: exposure.delta * rise + traded,
      swapFee: -sum(({ cost }) => cost.fee),
      impact: -sum(({ cost }) => cost.impact),
      gas: -gas,
      timing: -sum(({ timing }) => timing),
    };
    const total = valueChange - gas;
    let explained = 0;
    for (const name of EXPLAINED) {
      explained += step[name];
      this.#parts[name] += step[name];
    }
    this.#parts.unexplained += total - explained;
    this.#parts.total += total;
  }
}
