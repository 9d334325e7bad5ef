import { encodeFunctionData } from 'viem';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import { erc20Abi } from '../../../abis/erc20.ts';
import { rolesAbi } from '../../../abis/roles.ts';
import { routerCall } from '../../adapters/accounts/internal/routerOrder.ts';
import { openChain } from '../../adapters/chain/index.ts';
import { poolOf, priceBounds, type RoleTerms, roleKey } from '../../adapters/chain/roles/terms.ts';
import type { Order, Side } from '../../core/decision.ts';
import { CorruptDataError } from '../../core/errors.ts';
import type { BlockFacts } from '../../core/snapshot.ts';
import { type Address, type Hex, min } from '../../core/units.ts';
import { startAnvil } from '../../devnet/index.ts';
import { AnvilNode } from '../../devnet/node/node.ts';
import type { Chain } from '../../ports/chain.ts';
import { executeAs } from '../fork/impersonate.ts';
import type { PreparedRole } from './rolesMandate.ts';
import { allowed, refused, type Trial } from './verify.ts';

/** Share of what is owned and allowed that the trial order trades. */
const TRIAL_SHARE = 100n;
const DEADLINE_SECONDS = 600;
const DELEGATE_CALL = 1;
/** Prices that no pool has. */
const ANY_PRICE = { minPrice: 1e-30, maxPrice: 1e30 } as const;

/** Where the fork comes from. */
export interface RoleFork {
  readonly rpcUrl: string;
  readonly chainId: number;
}

/**
 * Tries a role where it can do no harm: on a fork of the chain the batch is run as the Safe by impersonation, then the
 * keeper trades within the role, and tries all that it must not.
 */
export async function verifyRole(
  { rpcUrl, chainId }: RoleFork,
  prepared: PreparedRole,
): Promise<readonly Trial[]> {
  const anvil = await startAnvil({ fork: { url: rpcUrl }, chainId, mining: 'manual' });
  try {
    const node = new AnvilNode(anvil.url);
    const trials: Trial[] = [];
    for (const { title, to, data } of prepared.calls) {
      await executeAs(node, { from: prepared.terms.account, to, data });
      trials.push({ name: title, isAsExpected: true, found: 'runs as the account' });
    }
    const chain = await openChain({ url: anvil.url, chainId });
    return [...trials, ...(await tryRole(chain, prepared))];
  } finally {
    await anvil.stop();
  }
}

async function tryRole(chain: Chain, prepared: PreparedRole): Promise<readonly Trial[]> {
  const { terms, keepers } = prepared;
  const [keeper] = keepers;
  const at = await chain.head();
  const order = keeper === undefined ? null : await trialOrder(chain, prepared, keeper, at);
  if (keeper === undefined || order === null) {
    return [{ name: 'orders', isAsExpected: true, found: 'not tried: the account holds nothing to trade' }];
  }
  const stranger = privateKeyToAddress(generatePrivateKey());
  const send = (changed: Partial<Attempt>) =>
    chain.simulate(attemptOf(terms, order.side, keeper, changed), at);
  const swapOf = (changed: Partial<Order>, as: Partial<RoleTerms>) => {
    const asked = { ...terms, ...as };
    return routerCall(asked, { ...order, ...changed }, priceBounds(asked));
  };
  const swap = (changed: Partial<Order>, as: Partial<RoleTerms> = {}) => send({ data: swapOf(changed, as) });
  const honest = swapOf({}, {});
  const tooMuch = 2n * (order.side === 'sell' ? terms.sellPerDayRaw : order.baseRaw);
  const beyond = {
    baseRaw: tooMuch,
    quoteLimitRaw: order.side === 'sell' ? 0n : 2n * terms.spendPerDayRaw,
    legs: order.legs.map((leg) => ({ ...leg, baseRaw: tooMuch })),
  };
  const { address: token } = order.side === 'sell' ? terms.base : terms.quote;
  const transfer = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [keeper, 1n] });
  return [
    allowed('an order within the role', await swap({})),
    refused('the same by another key', await send({ data: honest, from: stranger })),
    refused('paid out to somebody else', await swap({}, { account: stranger })),
    refused('at any price', await swap({}, ANY_PRICE)),
    refused('beyond the allowance', await swap(beyond)),
    refused('past its deadline', await swap({ deadlineSeconds: at.timestampSeconds - 1 })),
    refused('as a delegatecall', await send({ data: honest, operation: DELEGATE_CALL })),
    refused('a transfer to the keeper', await send({ data: transfer, to: token })),
    refused('an approval of the keeper', await send({ data: approvalOf(keeper), to: token })),
  ];
}

function approvalOf(spender: Address): Hex {
  return encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [spender, 1n] });
}

interface Attempt {
  readonly from: Address;
  readonly to: Address;
  readonly data: Hex;
  readonly operation: number;
}

function attemptOf(terms: RoleTerms, side: Side, keeper: Address, changed: Partial<Attempt>) {
  const { from = keeper, to = terms.router, data = '0x', operation = 0 } = changed;
  const key = roleKey(terms.role, { side, isSplit: false });
  const call = encodeFunctionData({
    abi: rolesAbi,
    functionName: 'execTransactionWithRole',
    args: [to, 0n, data, operation, key, true],
  });
  return { from, to: terms.roles, data: call, valueWei: 0n };
}

/** A small sale on the first pool, or a purchase where there is no base; null where there is neither. */
async function trialOrder(
  chain: Chain,
  { vault, terms }: PreparedRole,
  keeper: Address,
  block: BlockFacts,
): Promise<Order | null> {
  const [outcome] = await chain.read(
    [vault.account.read({ vault: vault.terms, block, memory: undefined }, keeper)],
    block,
  );
  if (outcome === undefined || !outcome.ok)
    throw outcome?.error ?? new CorruptDataError('reads', 'no answer', 'one');
  const { holdings, guard } = outcome.value;
  const sellable = holdings.baseRaw - guard.minBaseRaw;
  const spendable = min(holdings.quoteRaw, guard.turnoverAvailableRaw);
  const side: Side = sellable >= TRIAL_SHARE ? 'sell' : 'buy';
  const quoteRaw = spendable / TRIAL_SHARE;
  // What can be bought even at the highest price that the role allows.
  const affordable =
    (Number(quoteRaw) / 10 ** terms.quote.decimals / terms.maxPrice) * 10 ** terms.base.decimals;
  const baseRaw = side === 'sell' ? sellable / TRIAL_SHARE : BigInt(Math.floor(affordable));
  const [fee] = terms.fees;
  if (baseRaw === 0n || fee === undefined) return null;
  return {
    side,
    baseRaw,
    quoteLimitRaw: side === 'sell' ? 0n : quoteRaw,
    expectedQuoteRaw: 0n,
    minFillBps: 1,
    legs: [{ kind: 'swap', venue: 'uniswapV3', pool: poolOf(terms, fee), baseRaw, sqrtPriceLimitX96: 0n }],
    sequence: guard.nextSequence,
    deadlineSeconds: block.timestampSeconds + DEADLINE_SECONDS,
  };
}
