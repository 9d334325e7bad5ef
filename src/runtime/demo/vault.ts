import type { Address } from '../../core/units.ts';
import {
  type Devnet,
  type DevnetSafe,
  type DevnetVenue,
  mandatePools,
  nextExpiry,
} from '../../devnet/index.ts';

/** The demo's vault and the oTokens that it holds without having written them. */
export interface DemoVault {
  readonly safe: DevnetSafe;
  readonly heldOtokens: readonly Address[];
}

/** What {@link createDemoVault} makes, for people. */
export const DEMO_VAULT_WORDS: readonly string[] = [
  'a Safe with 165 WETH and 500,000 USDC, short 100 calls at 3,300 and 100 puts at',
  '2,700, long 220 puts at 3,600, with a Uniswap range; market: −12 %, chop, −9 %',
];

const DAYS_TO_EXPIRY = 14;

/**
 * A Safe as an option-selling vault leaves it behind: short calls and puts out of the money, fully backed on the
 * options protocol; protective puts bought higher up, before the price came down to here; a Uniswap v3 range; and far
 * more ETH than all of that needs to be neutral. Selling what is too much of it, and going on doing so as the short
 * puts come into the money, is what there is to hedge.
 *
 * @param venues kinds of pools that the devnet has beside v3; the mandate names theirs too
 */
export async function createDemoVault(
  devnet: Devnet,
  venues: readonly DevnetVenue[] = [],
): Promise<DemoVault> {
  const { weth, usdc } = devnet.tokens;
  const { timestampSeconds } = await devnet.node.head();
  const expirySeconds = nextExpiry(timestampSeconds, DAYS_TO_EXPIRY);
  const safe = await devnet.createSafe({
    holdings: [
      { token: weth, amount: 165 },
      { token: usdc, amount: 500_000 },
    ],
    mandate: mandatePools(venues),
  });
  await safe.writeOptions([
    { type: 'call', strike: 3_300, expirySeconds, amount: 100 },
    { type: 'put', strike: 2_700, expirySeconds, amount: 100 },
  ]);
  const heldOtokens = await safe.holdOptions([{ type: 'put', strike: 3_600, expirySeconds, amount: 220 }]);
  const pool = devnet.pools[0];
  if (pool !== undefined) {
    await safe.provideLiquidity({
      pool,
      lowerPrice: 2_500,
      upperPrice: 3_600,
      baseAmount: 20,
      quoteAmount: 60_000,
    });
  }
  return { safe, heldOtokens };
}
