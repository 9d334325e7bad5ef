import type { Address } from '../../core/units.ts';
import type { DevnetAccounts } from '../accounts.ts';
import type { BlockBuilder } from '../market/blocks.ts';
import type { Arbitrage } from '../market/market.ts';
import type { AnvilNode } from '../node/node.ts';
import { type Placement, placeContracts } from '../node/place.ts';
import { type Call, sendCalls } from '../node/transactions.ts';
import { openPairs, pairArbitrage, pairPlacements } from './uniswapV2.ts';
import { openV4Pools, v4Arbitrage, v4Placements } from './uniswapV4.ts';

/** Kinds of pools that a devnet can have beside Uniswap v3. */
export type DevnetVenue = 'uniswapV2' | 'uniswapV4';

/** A devnet that has its v3 pools. */
export interface VenueSetUp {
  readonly node: AnvilNode;
  readonly builder: BlockBuilder;
  readonly accounts: DevnetAccounts;
  /** ETH in dollars. */
  readonly startPrice: number;
}

/** What a kind of pools needs: its contracts, then the calls that open its pools, and the market's means of trade. */
interface Opening {
  placements(): readonly Placement[];
  open(provider: Address, startPrice: number): readonly Call[];
  approvals(): readonly Call[];
  arbitrage(node: AnvilNode, arbitrageur: Address): readonly Arbitrage[];
}

const openings: Readonly<Record<DevnetVenue, Opening>> = {
  uniswapV2: { placements: pairPlacements, ...openPairs, arbitrage: pairArbitrage },
  uniswapV4: { placements: v4Placements, ...openV4Pools, arbitrage: v4Arbitrage },
};

/**
 * Puts the contracts of other kinds of pools in place and opens their pools, in two blocks.
 *
 * @throws DevnetError when a step fails, or a package is not installed
 */
export async function openVenues(
  venues: readonly DevnetVenue[],
  { node, builder, accounts, startPrice }: VenueSetUp,
): Promise<void> {
  if (venues.length === 0) return;
  const { deployer, liquidityProvider, arbitrageur } = accounts;
  const mine = async () => builder.build({ timestampSeconds: (await node.head()).timestampSeconds + 1 });
  const placements = venues.flatMap((venue) => openings[venue].placements());
  await placeContracts(node, deployer.address, placements, mine);
  const provider = liquidityProvider.address;
  const sent = [
    await sendCalls(
      node,
      provider,
      venues.flatMap((venue) => openings[venue].open(provider, startPrice)),
    ),
    await sendCalls(
      node,
      arbitrageur.address,
      venues.flatMap((venue) => openings[venue].approvals()),
    ),
  ];
  await mine();
  for (const calls of sent) await calls.confirm();
}

/** What brings these kinds of pools to the market's price. */
export function arbitrageOf(
  venues: readonly DevnetVenue[],
  node: AnvilNode,
  arbitrageur: Address,
): readonly Arbitrage[] {
  return venues.flatMap((venue) => openings[venue].arbitrage(node, arbitrageur));
}
