import { decide, type Sight } from '../../core/decide.ts';
import type { Decision, PlannedDecision } from '../../core/decision.ts';
import { asksForDay } from '../../core/risk/haltLimits.ts';
import type { KeptPrecautions } from '../../core/risk/precautionRecord.ts';
import type { KeptHalt, Snapshot } from '../../core/snapshot.ts';
import { waitFor } from '../../engine/assess.ts';
import { faultOf, haltOn, withheld } from '../../engine/faults.ts';
import { haltToKeep } from '../../engine/keptHalt.ts';
import { keptPrecautions } from '../../engine/keptPrecautions.ts';
import { bindOrder } from '../../engine/order/order.ts';
import { snapshotOf } from '../../engine/read/snapshot.ts';
import { urgencyOfHedge } from '../../engine/submit/candidate.ts';
import type { VaultSetup } from '../../engine/world.ts';
import type { BacktestSettings } from '../backtest/ports.ts';
import {
  accountState,
  gasUsedBy,
  type SimulatedState,
  type StandingGuard,
  standingGuard,
  tipWei,
} from '../backtest/simulatedState.ts';
import { KEEPER } from '../backtest/tokens.ts';
import { FastOrders } from './fastOrders.ts';
import type { MarketSight, StepFacts } from './marketSight.ts';

const PAPER = { baseRaw: 0n, quoteRaw: 0n };

/**
 * What `tick` does about a vault in the world of a backtest, in one go: no journal, no signing, no waiting. The parts that
 * decide anything are the engine's own: how open orders are settled, what the past says, how a snapshot is put together,
 * the decision, the order, its nonce and fees. Held against `tick` itself decision by decision by the tests.
 */
export class FastKeeper {
  readonly #state: SimulatedState;
  readonly #setup: VaultSetup;
  readonly #guard: StandingGuard;
  readonly #market: MarketSight;
  readonly #sight: Sight;
  readonly #orders: FastOrders;
  /** What the last decision left to the next. */
  #precautions: KeptPrecautions | null = null;
  /** A halt that nobody ends here, as nobody does in a backtest. */
  #keptHalt: KeptHalt | null = null;

  constructor(
    state: SimulatedState,
    setup: VaultSetup,
    settings: Pick<BacktestSettings, 'pools' | 'guard'>,
    market: MarketSight,
  ) {
    this.#state = state;
    this.#setup = setup;
    this.#guard = standingGuard(settings);
    this.#market = market;
    this.#sight = market.sight;
    this.#orders = new FastOrders(state, setup);
  }

  /** Decides at the present step and does what was decided. A fault is a halt, as in a tick. */
  tick(): Decision {
    try {
      const facts = this.#market.factsAt(this.#state.replica);
      this.#orders.settle(facts.block);
      return this.#decideOn(this.#snapshot(facts));
    } catch (thrown) {
      return haltOn(faultOf(thrown));
    }
  }

  #snapshot({ block, ...shown }: StepFacts): Snapshot {
    const { lastHedge, consecutiveFailures } = this.#orders.past();
    const hasDailyCap = typeof this.#setup.limits.maxGasPerDayQuote === 'number';
    const gas = hasDailyCap
      ? { gasPaidLastDayWei: this.#orders.gasPaidLastDayWei(block.timestampSeconds) }
      : {};
    const precautions = this.#precautions === null ? {} : { precautions: this.#precautions };
    const asks = asksForDay(this.#setup.limits.halts ?? null);
    const lastDay = asks ? { lastDay: this.#orders.lastDay(block.timestampSeconds) } : {};
    const keptHalt = this.#keptHalt === null ? {} : { keptHalt: this.#keptHalt };
    const past = { lastHedge, consecutiveFailures, paper: PAPER };
    const history = { ...past, ...gas, ...lastDay, ...keptHalt, ...precautions };
    const market = { ...shown, positions: [{ value: this.#state.book.positions(), memory: undefined }] };
    const account = accountState(this.#state, this.#guard);
    return snapshotOf(this.#setup, block, account, market, history, this.#orders.tipWei(tipWei(this.#state)));
  }

  #decideOn(snapshot: Snapshot): Decision {
    const { policy, limits } = this.#setup;
    const decision = decide(snapshot, policy, limits, this.#sight);
    this.#precautions = keptPrecautions(decision) ?? this.#precautions;
    this.#keptHalt ??= haltToKeep(decision, snapshot.chain.block.timestampSeconds);
    if (decision.kind === 'halt') return decision;
    const { live } = this.#orders;
    if (live.length > 0) return waitFor(decision, live);
    return decision.kind === 'hold' ? decision : this.#order(decision, snapshot);
  }

  #order(decision: PlannedDecision, snapshot: Snapshot): Decision {
    try {
      const order = bindOrder(decision, snapshot, this.#setup.submission);
      if (this.#state.replica.tryOrder(order) === null) {
        const why = `the order would fail at block ${snapshot.chain.block.number}: the guard refuses`;
        return withheld(decision, 'hold', 'simulation', why);
      }
      const intent = this.#setup.account.encode(this.#setup.terms, order, KEEPER);
      const urgency = urgencyOfHedge(decision, snapshot, this.#setup);
      const gasUsed = gasUsedBy(order, this.#setup.limits);
      const candidate = { decision, snapshot, order, intent, keepers: [KEEPER], urgency, gasUsed };
      return this.#orders.place(candidate, gasUsed)?.refused ?? decision;
    } catch (thrown) {
      return haltOn(faultOf(thrown), decision.numbers);
    }
  }
}
