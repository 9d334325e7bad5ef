/**
 * What reading much costs: a vault of a thousand positions, and a hundred vaults, each at a new block with everything
 * remembered, on a devnet: `npx tsx bench/positions.ts`. It must take one round.
 */
import { type OpenedChain, openChain } from '../src/adapters/chain/openChain.ts';
import { aaveV3, balances, uniswapV3Position } from '../src/adapters/protocols/index.ts';
import { tickAtSqrtPrice } from '../src/core/amm/tickMath.ts';
import { totalExposure } from '../src/core/exposure/exposure.ts';
import type { Position } from '../src/core/position.ts';
import type { Read } from '../src/core/read.ts';
import type { BlockFacts, VaultTerms } from '../src/core/snapshot.ts';
import type { Address } from '../src/core/units.ts';
import { aaveSupplyCalls, type Devnet, devnetPools, startDevnet } from '../src/devnet/index.ts';
import { sqrtPriceOf } from '../src/devnet/market/market.ts';
import { readSqrtPrice } from '../src/devnet/pools/pools.ts';
import { approveCall, fundCall, mintRangesCall } from '../src/devnet/seed.ts';
import type { Memory, ProtocolReading } from '../src/ports/protocol.ts';

const POSITIONS = 1_000;
const VAULTS = 100;
const POSITIONS_PER_VAULT = 5;
const SAMPLES = 15;
/** Both fit a transaction's and a block's gas. */
const MINTS_PER_CALL = 20;
const CALLS_PER_BLOCK = 6;
const LIQUIDITY = 10n ** 14n;
const LOAN_WETH = 1;

const account = (index: number): Address => `0x${(0xacc0_0000 + index).toString(16).padStart(40, '0')}`;
const median = (samples: readonly number[]) =>
  [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)]!;

/** Mints positions of different ranges for an account. */
async function give(devnet: Devnet, owner: Address, count: number): Promise<void> {
  const pool = devnetPools.usdcWeth500;
  const provider = devnet.accounts.liquidityProvider;
  const sqrtPriceX96 = await readSqrtPrice(devnet.node, pool);
  const centre = Math.round(tickAtSqrtPrice(sqrtPriceOf(pool, devnet.market.price)) / 10) * 10;
  const ranges = Array.from({ length: count }, (_, index) => ({
    tickLower: centre - 10 * (1 + (index % 97)),
    tickUpper: centre + 10 * (1 + (index % 89)),
    liquidity: LIQUIDITY + BigInt(index),
  }));
  const calls = [];
  for (let from = 0; from < count; from += MINTS_PER_CALL)
    calls.push(mintRangesCall(pool, ranges.slice(from, from + MINTS_PER_CALL), sqrtPriceX96, owner));
  for (let from = 0; from < calls.length; from += CALLS_PER_BLOCK)
    await devnet.transact(provider, calls.slice(from, from + CALLS_PER_BLOCK));
}

interface Vault {
  readonly terms: VaultTerms;
  memories: readonly Memory[];
}

function readsOf(
  devnet: Devnet,
  { terms, memories }: Vault,
  block: BlockFacts,
): readonly Read<ProtocolReading>[] {
  const context = (index: number) => ({ vault: terms, block, memory: memories[index] });
  const { nonfungiblePositionManager: positionManager, aavePool: pool } = devnet.addresses;
  return [
    balances.read({ native: 'ignore' }, context(0)),
    uniswapV3Position.read({ positionManager }, context(1)),
    aaveV3.read({ pool, countAs: [] }, context(2)),
  ];
}

/** Reads vaults together at the newest block; what they remember is kept. */
async function readAll(
  devnet: Devnet,
  chain: OpenedChain,
  vaults: readonly Vault[],
): Promise<readonly Position[][]> {
  const block = await chain.head();
  const outcomes = await chain.read(
    vaults.flatMap((vault) => readsOf(devnet, vault, block)),
    block,
  );
  const each = outcomes.length / vaults.length;
  return vaults.map((vault, index) => {
    const own = outcomes.slice(index * each, (index + 1) * each).map((outcome) => {
      if (!outcome.ok) throw outcome.error;
      return outcome.value;
    });
    vault.memories = own.map(({ memory }) => memory);
    return own.flatMap(({ value }) => value);
  });
}

async function measure(
  devnet: Devnet,
  chain: OpenedChain,
  what: string,
  vaults: readonly Vault[],
): Promise<void> {
  const times: { read: number; delta: number }[] = [];
  const first = performance.now();
  await readAll(devnet, chain, vaults);
  const firstMs = performance.now() - first;
  let last = { positions: 0, rounds: 0, calls: 0, requests: 0 };
  for (let sample = -2; sample < SAMPLES; sample++) {
    await devnet.mineBlock({ price: 3_000 + sample });
    await chain.head();
    const before = chain.counters();
    const started = performance.now();
    const found = await readAll(devnet, chain, vaults);
    const read = performance.now();
    const { timestampSeconds: nowSeconds } = await devnet.node.head();
    const market = { spot: 3_000, volatility: 0.6, rate: 0, nowSeconds, baseDecimals: 18, quoteDecimals: 6 };
    const priced = performance.now();
    for (const positions of found) totalExposure(positions, market);
    if (sample >= 0) times.push({ read: read - started, delta: performance.now() - priced });
    const { rounds, calls, requests } = chain.counters();
    last = {
      positions: found.flat().length,
      rounds: rounds - before.rounds,
      calls: calls - before.calls,
      requests: requests - before.requests,
    };
  }
  if (last.rounds !== 1) process.exitCode = 1;
  const figures = [
    last.positions,
    last.rounds,
    last.calls,
    last.requests,
    firstMs,
    median(times.map(({ read }) => read)),
    median(times.map(({ delta }) => delta)),
  ];
  const cells = figures.map((figure) => figure.toFixed(Number.isInteger(figure) ? 0 : 1).padStart(10));
  console.log(`${what.padEnd(28)}${cells.join('')}${last.rounds === 1 ? '' : '  missed'}`);
}

const devnet = await startDevnet({ price: 3_000, lending: ['aaveV3'] });
try {
  const { weth, usdc } = devnet.tokens;
  const provider = devnet.accounts.liquidityProvider;
  const vaultOf = (owner: Address): Vault => ({
    terms: {
      name: owner,
      chainId: devnet.chainId,
      account: owner,
      base: weth,
      quote: usdc,
      numeraire: 'quote',
      deltaModel: 'stickyStrike',
      targetDelta: 0,
      rate: 0,
    },
    memories: [],
  });
  await devnet.transact(provider, [
    ...fundCall(weth.address, provider.address, 10n ** 24n),
    ...fundCall(usdc.address, provider.address, 10n ** 15n),
    ...[weth, usdc].map(({ address }) => approveCall(address, devnet.addresses.nonfungiblePositionManager)),
  ]);
  const large = account(0);
  await give(devnet, large, POSITIONS);
  const many = Array.from({ length: VAULTS }, (_, index) => account(index + 1));
  for (const owner of many) {
    await give(devnet, owner, POSITIONS_PER_VAULT);
    await devnet.transact(provider, [
      ...fundCall(weth.address, owner, 10n ** 18n),
      ...aaveSupplyCalls(owner, weth, LOAN_WETH),
    ]);
  }
  const chain = await openChain({ url: devnet.url });
  const heads = ['positions', 'rounds', 'calls', 'requests', 'first ms', 'read ms', 'delta ms'];
  console.log(`${''.padEnd(28)}${heads.map((head) => head.padStart(10)).join('')}`);
  await measure(devnet, chain, `one vault, ${POSITIONS} NFTs`, [vaultOf(large)]);
  await measure(devnet, chain, `${VAULTS} vaults`, many.map(vaultOf));
} finally {
  await devnet.stop();
}
