import type { Order } from '../../src/core/decision.ts';
import type { Address } from '../../src/core/units.ts';
import type { PricedTransaction } from '../../src/ports/signer.ts';

/** What signed bytes hold on a simulated chain. */
export interface SignedContent extends PricedTransaction {
  readonly from: Address;
}

/** Calldata of an order on a simulated chain. */
export interface OrderCall {
  readonly vault: string;
  readonly order: Order;
}
