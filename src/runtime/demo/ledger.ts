import type { Snapshot } from '../../core/snapshot.ts';
import { toWhole } from '../../core/units.ts';
import type { TickResult } from '../../engine/tick.ts';
import type { Fill } from '../../ports/account.ts';
import type { OrderHistory, Store } from '../../ports/store.ts';
import { type BookedHedge, bookHedge } from './fills.ts';
import type { DemoHedge, DemoSeries, ResultParts } from './report.ts';
import { type HedgeFlow, type ValueParts, valueParts, vaultValue, withoutHedges } from './unhedged.ts';

/** Follows a vault block by block from what its ticks saw, and keeps beside it the same vault without hedges. */
export class DemoLedger {
  readonly #store: Store;
  readonly #netDeltas: number[] = [];
  readonly #hedgedValues: number[] = [];
  readonly #unhedgedValues: number[] = [];
  readonly #booked: BookedHedge[] = [];
  #flow: HedgeFlow = { baseRaw: 0n, quoteRaw: 0n };
  #gasQuote = 0;
  #first: ValueParts | null = null;
  #last: { readonly snapshot: Snapshot; readonly spot: number } | null = null;

  constructor(store: Store) {
    this.#store = store;
  }

  get hedges(): readonly DemoHedge[] {
    return this.#booked.map(({ hedge }) => hedge);
  }

  series(): DemoSeries {
    return {
      netDeltas: this.#netDeltas,
      hedgedValues: this.#hedgedValues,
      unhedgedValues: this.#unhedgedValues,
    };
  }

  /** Books what a tick saw. @returns the hedges that it found filled */
  async book(result: TickResult): Promise<readonly DemoHedge[]> {
    const { snapshot, decision } = result;
    const filled: DemoHedge[] = [];
    for (const { orderId, event } of result.settled) {
      if (event.kind !== 'filled') continue;
      const history = await this.#store.order(orderId);
      if (history === null) continue;
      filled.push(await this.#bookFill(history, event.fill));
    }
    const { spot, netDelta } = decision.numbers;
    if (snapshot === null || spot === null || netDelta === null) return filled;
    this.#first ??= valueParts(snapshot, spot);
    this.#last = { snapshot, spot };
    this.#netDeltas.push(netDelta);
    this.#hedgedValues.push(vaultValue(snapshot, spot) - this.#gasQuote);
    this.#unhedgedValues.push(vaultValue(withoutHedges(snapshot, this.#flow), spot));
    return filled;
  }

  async #bookFill(history: OrderHistory, fill: Fill): Promise<DemoHedge> {
    const booked = bookHedge(history, fill, await this.#store.decision(history.record.decisionId));
    const sign = fill.side === 'sell' ? 1n : -1n;
    this.#flow = {
      baseRaw: this.#flow.baseRaw - sign * fill.baseRaw,
      quoteRaw: this.#flow.quoteRaw + sign * fill.quoteRaw,
    };
    this.#gasQuote += booked.hedge.gasQuote;
    this.#booked.push(booked);
    return booked.hedge;
  }

  /** The end result taken apart; null before the first block. */
  parts(): ResultParts | null {
    if (this.#first === null || this.#last === null) return null;
    const { snapshot, spot } = this.#last;
    const end = valueParts(snapshot, spot);
    const { base, quote } = snapshot.vault;
    const flowQuote =
      signedWhole(this.#flow.baseRaw, base.decimals) * spot +
      signedWhole(this.#flow.quoteRaw, quote.decimals);
    const fees = sum(this.#booked.map(({ feeQuote }) => feeQuote));
    const execution = sum(this.#booked.map(({ hedge }) => hedge.costQuote));
    return {
      options: end.options - this.#first.options,
      liquidity: end.liquidity - this.#first.liquidity,
      tokens: end.tokens - flowQuote - this.#first.tokens,
      hedges: flowQuote + execution,
      fees: -fees,
      impact: fees - execution,
      gas: -this.#gasQuote,
    };
  }
}

/** The same for amounts of either sign. */
function signedWhole(raw: bigint, decimals: number): number {
  return raw < 0n ? -toWhole(-raw, decimals) : toWhole(raw, decimals);
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
