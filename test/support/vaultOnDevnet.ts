import { type OpenedChain, openChain } from '../../src/adapters/chain/openChain.ts';
import { tickAtSqrtPrice } from '../../src/core/amm/tickMath.ts';
import type { Read } from '../../src/core/read.ts';
import type { BlockFacts, VaultTerms } from '../../src/core/snapshot.ts';
import type { Address } from '../../src/core/units.ts';
import {
  type Devnet,
  type DevnetSafe,
  depositSharesCalls,
  devnetPools,
  devnetV4Pools,
  nextExpiry,
  placeShareVault,
} from '../../src/devnet/index.ts';
import { sqrtPriceOf } from '../../src/devnet/market/market.ts';
import type { Outcome } from '../../src/ports/chain.ts';
import type { Memory, ReadContext } from '../../src/ports/protocol.ts';

/** A Safe on a devnet that holds some of everything, and a chain to read it with. */
export interface VaultOnDevnet {
  readonly devnet: Devnet;
  readonly safe: DevnetSafe;
  readonly chain: OpenedChain;
  readonly positionId: bigint;
}

/** Gives a devnet a Safe with tokens, short and long options and liquidity. */
export async function vaultOn(devnet: Devnet): Promise<VaultOnDevnet> {
  const { weth, usdc } = devnet.tokens;
  const safe = await devnet.createSafe({
    holdings: [
      { token: weth, amount: 100 },
      { token: usdc, amount: 500_000 },
    ],
  });
  const now = (await devnet.node.head()).timestampSeconds;
  const expirySeconds = nextExpiry(now, 14);
  await safe.writeOptions([
    { type: 'call', strike: 3_500, expirySeconds, amount: 12.5 },
    { type: 'put', strike: 2_500, expirySeconds, amount: 8 },
  ]);
  await safe.holdOptions([{ type: 'call', strike: 3_500, expirySeconds, amount: 2 }]);
  const positionId = await safe.provideLiquidity({
    pool: devnetPools.usdcWeth500,
    lowerPrice: 2_700,
    upperPrice: 3_300,
    baseAmount: 20,
    quoteAmount: 60_000,
  });
  const chain = await openReadChain(devnet);
  return { devnet, safe, chain, positionId };
}

/** Gives a Safe collateral and debt on Aave, and a Uniswap v4 position in the pool of ether; the devnet has both. */
export async function giveLoanAndV4Position({ tokens }: Devnet, safe: DevnetSafe): Promise<void> {
  await safe.supplyToAave([{ token: tokens.usdc, amount: 60_000 }]);
  await safe.borrowFromAave([{ token: tokens.weth, amount: 6 }]);
  const { ethUsdc500 } = devnetV4Pools;
  const ticks = [2_700, 3_300].map(
    (price) => Math.round(tickAtSqrtPrice(sqrtPriceOf(ethUsdc500, price)) / 10) * 10,
  );
  await safe.provideV4Liquidity(ethUsdc500, {
    tickLower: Math.min(...ticks),
    tickUpper: Math.max(...ticks),
    liquidity: 10n ** 16n,
  });
}

/** Gives a Safe shares of an ERC-4626 vault of WETH, and another dollar. */
export async function giveSharesAndOtherDollars(devnet: Devnet, safe: DevnetSafe): Promise<void> {
  const { weth, usdt } = devnet.tokens;
  await placeShareVault(devnet, weth);
  await devnet.fund(safe.address, [
    { token: weth, amount: 5 },
    { token: usdt, amount: 2_000 },
  ]);
  await safe.execute(depositSharesCalls(safe.address, weth, 5));
}

/** A chain to read a devnet with. */
export function openReadChain({ url, chainId }: Pick<Devnet, 'url' | 'chainId'>): Promise<OpenedChain> {
  return openChain({ url, chainId });
}

/** What a plug-in is told about a WETH/USDC vault of an account. */
export function contextOf(
  devnet: Pick<Devnet, 'tokens' | 'chainId'>,
  account: Address,
  block: BlockFacts,
  memory?: Memory,
): ReadContext {
  const { weth, usdc } = devnet.tokens;
  const vault: VaultTerms = {
    name: 'test',
    chainId: devnet.chainId,
    account,
    base: weth,
    quote: usdc,
    numeraire: 'quote',
    deltaModel: 'stickyStrike',
    targetDelta: 0,
    rate: 0,
  };
  return { vault, block, memory };
}

/** The value of an outcome; its error is thrown. */
export function unwrap<T>(outcome: Outcome<T> | undefined): T {
  if (outcome?.ok) return outcome.value;
  throw outcome?.error ?? new Error('no outcome');
}

/** Runs one read at a block, and tells how many rounds it took. */
export async function readOne<T>(
  chain: OpenedChain,
  read: Read<T>,
  at: BlockFacts,
): Promise<{ value: T; rounds: number }> {
  const before = chain.counters().rounds;
  const [outcome] = await chain.read([read], at);
  return { value: unwrap(outcome), rounds: chain.counters().rounds - before };
}
