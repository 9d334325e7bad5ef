import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import { hedgeModuleAbi } from '../../../abis/hedgeModule.ts';
import { call, openChain } from '../../adapters/chain/index.ts';
import { waysOf } from '../../core/amm/twoHop.ts';
import type { Order } from '../../core/decision.ts';
import { CorruptDataError } from '../../core/errors.ts';
import { wayTokens } from '../../core/hedge/fairPrice.ts';
import { swapTarget } from '../../core/hedge/route.ts';
import { all, type Read } from '../../core/read.ts';
import type { BlockFacts } from '../../core/snapshot.ts';
import { type Address, BPS, max, min, mulDivDown, mulDivUp, Q96, sameAddress } from '../../core/units.ts';
import { startAnvil } from '../../devnet/index.ts';
import { AnvilNode } from '../../devnet/node/node.ts';
import type { VaultSetup } from '../../engine/world.ts';
import type { Chain, Simulation } from '../../ports/chain.ts';
import { executeAs } from '../fork/impersonate.ts';
import type { BatchCall } from './batch.ts';
import type { Mandate } from './mandate.ts';

/** One thing tried on the fork, and whether it went as it must. */
export interface Trial {
  readonly name: string;
  readonly isAsExpected: boolean;
  /** The gas of what went through, or the reason of what was refused. */
  readonly found: string;
}

/** What trying a mandate on a fork needs. */
export interface VerifyOptions {
  readonly rpcUrl: string;
  readonly chainId: number;
  readonly vault: VaultSetup;
  readonly mandate: Mandate;
  readonly module: Address;
  readonly calls: readonly BatchCall[];
  /** Who runs the calls. */
  readonly sender: Address;
  /** Why no mandate is in force after them; null where one is. */
  readonly waitsFor: string | null;
}

/** Share of the smaller of inventory and turnover that the trial hedge trades. */
const TRIAL_SHARE = 100n;
const DEADLINE_SECONDS = 600;

/**
 * Tries a batch where it can do no harm: on a fork of the chain, run as their sender by impersonation, then hedges within
 * the mandate and outside of it. Nothing is sent to the chain itself.
 */
export async function verifyBatch({
  rpcUrl,
  chainId,
  vault,
  mandate,
  module,
  calls,
  sender,
  waitsFor,
}: VerifyOptions): Promise<readonly Trial[]> {
  const anvil = await startAnvil({ fork: { url: rpcUrl }, chainId, mining: 'manual' });
  try {
    const node = new AnvilNode(anvil.url);
    const who = sameAddress(sender, vault.terms.account) ? 'the account' : 'the owner';
    const trials: Trial[] = [];
    for (const { title, to, data } of calls) {
      await executeAs(node, { from: sender, to, data });
      trials.push({ name: title, isAsExpected: true, found: `runs as ${who}` });
    }
    if (waitsFor !== null)
      return [
        ...trials,
        { name: 'hedges', isAsExpected: true, found: 'not tried: no mandate is in force yet' },
      ];
    const chain = await openChain({ url: anvil.url, chainId });
    return [...trials, ...(await tryHedges(chain, vault, mandate, module))];
  } finally {
    await anvil.stop();
  }
}

async function tryHedges(
  chain: Chain,
  vault: VaultSetup,
  mandate: Mandate,
  module: Address,
): Promise<readonly Trial[]> {
  const at = await chain.head();
  const [keeper] = mandate.keepers;
  const order = keeper === undefined ? null : await trialOrder(chain, vault, mandate, module, keeper);
  if (keeper === undefined || order === null) {
    return [{ name: 'hedges', isAsExpected: true, found: 'not tried: the account holds nothing to trade' }];
  }
  const run = (changed: Partial<Order>, from = keeper) =>
    chain.simulate(vault.account.encode(vault.terms, { ...order, ...changed }, from), at);
  const legs = (changed: Partial<Order['legs'][number]>) => ({
    legs: order.legs.map((leg) => ({ ...leg, ...changed })),
  });
  const stranger = privateKeyToAddress(generatePrivateKey());
  const tooMuch = order.baseRaw * TRIAL_SHARE * TRIAL_SHARE;
  return [
    allowed('a hedge within the mandate', await run({})),
    refused('the same by another key', await run({}, stranger)),
    refused('on a pool that is not allowed', await run(legs({ pool: stranger }))),
    refused('with the wrong sequence', await run({ sequence: order.sequence + 1n })),
    refused('past its deadline', await run({ deadlineSeconds: at.timestampSeconds - 1 })),
    refused('far beyond what it owns', await run({ baseRaw: tooMuch, ...legs({ baseRaw: tooMuch }) })),
  ];
}

/** A small order over the vault's first pool, or the first two in a row: a sale where there is base to sell, a purchase otherwise; null where neither can be. */
async function trialOrder(
  chain: Chain,
  vault: VaultSetup,
  mandate: Mandate,
  module: Address,
  keeper: Address,
): Promise<Order | null> {
  const block = await chain.head();
  const context = { vault: vault.terms, block, memory: undefined };
  const [state, price, found] = await readOne(
    chain,
    block,
    all([
      vault.account.read(context, keeper),
      call(hedgeModuleAbi, module, 'oraclePriceX96', [vault.terms.account]),
      all(vault.venues.map((venue) => venue.read(context))),
    ]),
  );
  const pools = found.map(({ value }) => value).filter((pool) => pool.kind !== 'empty');
  const [way] = waysOf(pools, wayTokens(vault.terms));
  if (way === undefined) return null;
  const near = way.kind === 'twoHop' ? way.near : way;
  const { holdings, guard } = state;
  const sellable = max(0n, holdings.baseRaw - max(0n, mandate.minBase));
  const side = sellable >= TRIAL_SHARE ? 'sell' : 'buy';
  const affordable =
    side === 'sell'
      ? sellable
      : min(inBase(holdings.quoteRaw, price), max(0n, mandate.maxBase - holdings.baseRaw));
  const baseRaw = min(affordable, inBase(guard.turnoverAvailableRaw, price)) / TRIAL_SHARE;
  if (baseRaw === 0n) return null;
  const quoteRaw = mulDivDown(baseRaw, price, Q96);
  const slippage = BigInt(mandate.maxSlippageBps);
  return {
    side,
    baseRaw,
    quoteLimitRaw:
      side === 'sell' ? mulDivUp(quoteRaw, BPS - slippage, BPS) : mulDivDown(quoteRaw, BPS + slippage, BPS),
    expectedQuoteRaw: quoteRaw,
    minFillBps: 1,
    legs: [
      {
        kind: 'swap',
        ...swapTarget(near),
        baseRaw,
        sqrtPriceLimitX96: 0n,
        ...(way.kind === 'twoHop'
          ? { via: { token: way.bridge, ...swapTarget(way.far), sqrtPriceLimitX96: 0n } }
          : {}),
      },
    ],
    sequence: guard.nextSequence,
    deadlineSeconds: block.timestampSeconds + DEADLINE_SECONDS,
  };
}

const inBase = (quoteRaw: bigint, priceX96: bigint) => mulDivDown(quoteRaw, Q96, priceX96);

async function readOne<T>(chain: Chain, block: BlockFacts, read: Read<T>): Promise<T> {
  const [outcome] = await chain.read([read], block);
  if (outcome === undefined || !outcome.ok)
    throw outcome?.error ?? new CorruptDataError('reads', 'no answer', 'one');
  return outcome.value;
}

/** A trial that has to go through. */
export function allowed(name: string, simulation: Simulation): Trial {
  return simulation.ok
    ? { name, isAsExpected: true, found: `goes through, ${simulation.gasUsed} gas` }
    : { name, isAsExpected: false, found: `refused: ${simulation.reason}` };
}

/** A trial that has to be refused. */
export function refused(name: string, simulation: Simulation): Trial {
  return simulation.ok
    ? { name, isAsExpected: false, found: 'goes through, and should not' }
    : { name, isAsExpected: true, found: `refused: ${simulation.reason}` };
}
