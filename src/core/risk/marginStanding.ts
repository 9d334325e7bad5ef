import { lendingAccounts } from '../hedge/paperLending.ts';
import { type LendingAccount, type LiquidationPrice, liquidationPrice } from '../margin.ts';
import type { Snapshot } from '../snapshot.ts';
import { type Address, sameAddress } from '../units.ts';

/** Where a lending account is liquidated as only base moves. */
export interface LiquidationPoint {
  /** By the market's own oracle, quote per base; null where the market does not list base itself. */
  readonly price: number | null;
  /** From the market's present price to there, share of it: -0.2 is a fall of 20 %. */
  readonly priceChange: number;
  readonly when: LiquidationPrice['when'];
}

/** How near to liquidation an account is that owes something. */
export interface MarginStanding {
  readonly label: string;
  readonly pool: Address;
  /** As the market itself says, with what was lent and borrowed on paper. Below 1 it is liquidated. */
  readonly healthFactor: number;
  /** Null where no price of base alone changes whether it is liquidated. */
  readonly liquidation: LiquidationPoint | null;
}

/** How near to liquidation a vault is on each lending market that it owes to; empty where it owes nothing. */
export function marginStandings(snapshot: Snapshot): readonly MarginStanding[] {
  return lendingAccounts(snapshot)
    .filter(({ healthFactor }) => Number.isFinite(healthFactor))
    .map((account) => {
      const { label, pool, healthFactor } = account;
      return {
        label,
        pool,
        healthFactor,
        liquidation: liquidationPoint(account, snapshot.vault.base.address),
      };
    });
}

function liquidationPoint(account: LendingAccount, base: Address): LiquidationPoint | null {
  const relative = liquidationPrice(account, 1);
  if (relative === null) return null;
  const listed = account.reserves.find(({ token }) => sameAddress(token, base));
  const price = listed === undefined ? null : relative.price * listed.priceQuote;
  return { price, priceChange: relative.price - 1, when: relative.when };
}
