import { blackScholes } from '../../core/options/blackScholes.ts';
import { SECONDS_PER_YEAR } from '../../core/units.ts';
import type { OpenRound } from './optionBook.ts';
import type { OptionRound } from './result.ts';

interface RoundState {
  costQuote: number;
  squares: number;
  seconds: number;
}

const NO_STATE: RoundState = { costQuote: 0, squares: 0, seconds: 0 };

/** Follows what each round of options earned and what hedging it cost. */
export class RoundLedger {
  readonly #open = new Map<OpenRound, RoundState>();
  readonly #ended: OptionRound[] = [];

  get ended(): readonly OptionRound[] {
    return this.#ended;
  }

  /**
   * Books a step: costs are shared among the open rounds by the size of their gamma, since that is what they are paid for.
   *
   * @param gammasOpen gamma of each round at the step's beginning
   * @param logReturn over the step; not a number across a hole
   */
  book(
    open: readonly OpenRound[],
    gammasOpen: readonly number[],
    costQuote: number,
    logReturn: number,
    seconds: number,
  ): void {
    const gammas = gammasOpen.map(Math.abs);
    const all = gammas.reduce((sum, gamma) => sum + gamma, 0);
    open.forEach((round, index) => {
      const state = this.#open.get(round) ?? { ...NO_STATE };
      state.costQuote += all > 0 ? (costQuote * gammas[index]!) / all : costQuote / open.length;
      if (Number.isFinite(logReturn)) {
        state.squares += logReturn ** 2;
        state.seconds += seconds;
      }
      this.#open.set(round, state);
    });
  }

  /** Closes a round. @param rate continuously compounded, per year */
  end(round: OpenRound, rate: number): void {
    const state = this.#open.get(round) ?? NO_STATE;
    this.#open.delete(round);
    const years = state.seconds / SECONDS_PER_YEAR;
    this.#ended.push({
      openedAtSeconds: round.openedAtSeconds,
      expirySeconds: round.position.expirySeconds,
      premiumQuote: round.premiumQuote,
      hedgingCostQuote: state.costQuote,
      breakEvenVolatility: breakEvenVolatility(round, state.costQuote, rate),
      realizedVolatility: years > 0 ? Math.sqrt(state.squares / years) : null,
      overBudget: round.premiumQuote > 0 && state.costQuote > round.premiumQuote,
    });
  }
}

const BISECTIONS = 60;
const MOST_VOLATILITY = 10;

/**
 * The volatility at which a round comes out even: that at which its options are worth the premium after what hedging cost.
 * Null where no volatility is: hedging a written option cost more than its premium, for example.
 */
function breakEvenVolatility(round: OpenRound, costQuote: number, rate: number): number | null {
  const { type, strike, size, expirySeconds } = round.position;
  const spot = strike / round.schedule.strikeOverSpot;
  const years = (expirySeconds - round.openedAtSeconds) / SECONDS_PER_YEAR;
  const worth = (volatility: number) =>
    Math.abs(size) * blackScholes({ type, spot, strike, years, rate, dividendYield: 0, volatility }).price;
  // A writer must keep something of the premium; a buyer has paid the cost on top of it.
  const even = Math.abs(round.premiumQuote) + (round.premiumQuote > 0 ? -costQuote : costQuote);
  let [low, high] = [0, MOST_VOLATILITY];
  if (!(even > worth(low) && even < worth(high))) return null;
  for (let turn = 0; turn < BISECTIONS; turn += 1) {
    const middle = 0.5 * (low + high);
    if (worth(middle) < even) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}
