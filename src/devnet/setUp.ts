import { hedgeModuleDeployment } from '../adapters/chain/deployment.ts';
import { liquidityRanges } from '../core/amm/liquidityLayers.ts';
import { type Address, sameAddress } from '../core/units.ts';
import { openAave } from './aave/aave.ts';
import type { DevnetAccounts } from './accounts.ts';
import { mainnet } from './addresses.ts';
import { devnetPlacements } from './contracts.ts';
import type { BlockBuilder } from './market/blocks.ts';
import { sqrtPriceOf } from './market/market.ts';
import type { AnvilNode } from './node/node.ts';
import { placeContracts } from './node/place.ts';
import { type Call, sendCalls } from './node/transactions.ts';
import { amountsOfRange, liquidityShapes } from './pools/liquidityShape.ts';
import { type PoolSnapshot, poolName, reservesOf } from './pools/poolSnapshot.ts';
import { writePoolSnapshot } from './pools/poolStorage.ts';
import { type DevnetPool, type DevnetPoolName, devnetPools, devnetTokens, unitsOf } from './pools/pools.ts';
import { type DevnetVenue, openVenues } from './pools/venues.ts';
import { approveCall, createPoolCalls, firstAnswerCalls, fundCall, mintRangesCall } from './seed.ts';

/** Lending markets that a devnet can have. */
export type DevnetLending = 'aaveV3';

/** A bare anvil, and what to make of it. */
export interface SetUp {
  readonly node: AnvilNode;
  readonly builder: BlockBuilder;
  readonly accounts: DevnetAccounts;
  /** ETH in dollars. */
  readonly startPrice: number;
  /** Recorded pools; those that have none get the devnet's own liquidity. */
  readonly snapshots: readonly PoolSnapshot[];
  /** What joins the v3 pools. */
  readonly venues: readonly DevnetVenue[];
  readonly lending: readonly DevnetLending[];
  /** Time of the last block of the set-up. */
  readonly readyAt: number;
}

const ETHER = 10n ** 18n;
/** The market's means are without bound for all that it will be asked to do. */
const MARKET_WETH = 50_000_000n * ETHER;
const MARKET_DOLLARS = 10n ** 18n;

/**
 * Makes a bare anvil into the devnet: contracts, then pools with liquidity, feeds and the HedgeModule.
 *
 * @returns the pools that exist
 * @throws DevnetError when a step fails, naming it
 */
export async function setUp({
  node,
  builder,
  accounts,
  startPrice,
  snapshots,
  venues,
  lending,
  readyAt,
}: SetUp): Promise<readonly DevnetPool[]> {
  const { deployer, liquidityProvider, arbitrageur } = accounts;
  await enrich(node, [deployer.address, liquidityProvider.address, arbitrageur.address]);
  const genesis = await node.head();
  await placeContracts(node, deployer.address, devnetPlacements(), () =>
    builder.build({ timestampSeconds: genesis.timestampSeconds + 1 }),
  );

  const recorded = new Set(snapshots.map(({ pool }) => poolName(pool)));
  const shaped = (Object.keys(liquidityShapes) as DevnetPoolName[]).filter((name) => !recorded.has(name));
  const provider = liquidityProvider.address;
  const sent = [
    await sendCalls(node, deployer.address, [{ label: 'deploy HedgeModule', ...hedgeModuleDeployment }]),
    await sendCalls(node, provider, [
      ...shapedPools(provider, shaped, startPrice),
      ...snapshots.flatMap(barePool),
    ]),
    await sendCalls(node, arbitrageur.address, marketMeans(arbitrageur.address)),
  ];
  await builder.build({ timestampSeconds: genesis.timestampSeconds + 2 });
  for (const calls of sent) await calls.confirm();
  for (const snapshot of snapshots) await writePoolSnapshot(node, builder, deployer.address, snapshot);
  await openVenues(venues, { node, builder, accounts, startPrice });

  const reportAt = async (timestampSeconds: number) => {
    const answers = await sendCalls(node, deployer.address, firstAnswerCalls(startPrice));
    await builder.build({ timestampSeconds });
    await answers.confirm();
  };
  if (lending.includes('aaveV3')) {
    // Borrowing asks the feeds, so they answer before the market opens.
    await reportAt((await node.head()).timestampSeconds + 1);
    await openAave({ node, builder, accounts });
  }
  await reportAt(readyAt);
  return (Object.keys(devnetPools) as DevnetPoolName[])
    .filter((name) => recorded.has(name) || shaped.includes(name))
    .map((name) => devnetPools[name]);
}

/** Creates a recorded pool at its price, with the tokens that its liquidity consists of; the ticks are written later. */
function barePool(snapshot: PoolSnapshot): readonly Call[] {
  const { pool, sqrtPriceX96 } = snapshot;
  const { amount0Raw, amount1Raw } = reservesOf(snapshot);
  return [
    ...createPoolCalls(pool, sqrtPriceX96),
    ...fundCall(pool.token0.address, pool.address, amount0Raw),
    ...fundCall(pool.token1.address, pool.address, amount1Raw),
  ];
}

/** Far more ether than anybody has: WETH is made from it. */
async function enrich(node: AnvilNode, accounts: readonly Address[]): Promise<void> {
  await Promise.all(
    accounts.map((account) => node.request('anvil_setBalance', [account, 1_000_000_000n * ETHER])),
  );
}

/** Creates pools with the devnet's own liquidity; the caller is the liquidity provider. */
function shapedPools(
  provider: Address,
  names: readonly DevnetPoolName[],
  startPrice: number,
): readonly Call[] {
  const needed = new Map<Address, bigint>();
  const need = (token: Address, amountRaw: bigint) =>
    needed.set(token, (needed.get(token) ?? 0n) + amountRaw);
  const pools = names.map((name) => {
    const pool = devnetPools[name];
    const sqrtPriceX96 = sqrtPriceOf(pool, startPrice);
    const ranges = liquidityRanges({ ...pool, ...unitsOf(pool) }, liquidityShapes[name]!, sqrtPriceX96);
    for (const range of ranges) {
      const { amount0Raw, amount1Raw } = amountsOfRange(range, sqrtPriceX96);
      need(pool.token0.address, amount0Raw);
      need(pool.token1.address, amount1Raw);
    }
    return [...createPoolCalls(pool, sqrtPriceX96), mintRangesCall(pool, ranges, sqrtPriceX96, provider)];
  });
  const funding = [...needed].flatMap(([token, amountRaw]) => [
    ...fundCall(token, provider, amountRaw),
    approveCall(token, mainnet.nonfungiblePositionManager),
  ]);
  return [...funding, ...pools.flat()];
}

/** What the arbitrageur swaps with. */
function marketMeans(arbitrageur: Address): readonly Call[] {
  return Object.values(devnetTokens).flatMap(({ address }) => [
    ...fundCall(address, arbitrageur, sameAddress(address, mainnet.weth) ? MARKET_WETH : MARKET_DOLLARS),
    approveCall(address, mainnet.swapRouter02),
  ]);
}
