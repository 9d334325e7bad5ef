import { encodeFunctionData } from 'viem';
import { erc20Abi } from '../../../abis/erc20.ts';
import { hedgeModuleAbi } from '../../../abis/hedgeModule.ts';
import { safeAbi } from '../../../abis/safe.ts';
import type { ModuleDeployment } from '../../adapters/chain/deployment.ts';
import { fixed } from '../../core/report/format.ts';
import { type Address, type Hex, sameAddress, type Token, toWhole } from '../../core/units.ts';
import type { VaultSetup } from '../../engine/world.ts';
import type { Mandate } from './mandate.ts';

const WAD_DECIMALS = 18;

/** One call of the batch, with what it does in words. */
export interface BatchCall {
  readonly title: string;
  readonly to: Address;
  readonly data: Hex;
  readonly words: readonly string[];
}

/** What the chain has already of what the batch would do. */
export interface BatchFacts {
  readonly module: Address;
  /** What puts the module in its place; null where it stands. */
  readonly deployment: ModuleDeployment | null;
  readonly isEnabled: boolean;
  /** What is approved for the module where the mandate pays by allowance. */
  readonly allowance: { readonly baseRaw: bigint; readonly quoteRaw: bigint } | null;
}

/** The calls that the account has to run, in order, leaving out what is done already. */
export function mandateBatch(mandate: Mandate, vault: VaultSetup, facts: BatchFacts): readonly BatchCall[] {
  const { account } = vault.terms;
  const calls: BatchCall[] = [...deploymentCalls(facts.deployment)];
  if (!facts.isEnabled) {
    calls.push({
      title: 'enable it on the account',
      to: account,
      data: encodeFunctionData({ abi: safeAbi, functionName: 'enableModule', args: [facts.module] }),
      words: [
        'from here on the module may move tokens of the account',
        'it does so only as the mandate below allows',
      ],
    });
  }
  calls.push(mandateCall(mandate, vault, facts.module));
  return [...calls, ...approvals(vault, facts)];
}

/** What puts a module in its place, as a call of the batch; none where it stands. */
export function deploymentCalls(deployment: ModuleDeployment | null): readonly BatchCall[] {
  if (deployment === null) return [];
  const { address, to, data } = deployment;
  return [
    {
      title: 'deploy the HedgeModule',
      to,
      data,
      words: [
        `puts the module of this build at ${address}`,
        'anybody may do it, once for a whole chain; it can touch nothing',
      ],
    },
  ];
}

/** The call by which an account puts a mandate in force. */
export function mandateCall(mandate: Mandate, vault: VaultSetup, module: Address): BatchCall {
  return {
    title: 'set the mandate',
    to: module,
    data: encodeFunctionData({ abi: hedgeModuleAbi, functionName: 'setMandate', args: [mandate] }),
    words: mandateWords(mandate, vault),
  };
}

function approvals({ terms }: VaultSetup, { module, allowance }: BatchFacts): readonly BatchCall[] {
  if (allowance === null) return [];
  const approval = ({ address, symbol, decimals }: Token, amountRaw: bigint) => ({
    title: `approve ${symbol} for the module`,
    to: address,
    data: encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [module, amountRaw] }),
    words: [
      `pools are paid out of ${fixed(toWhole(amountRaw, decimals), 4)} ${symbol}; what is used up is approved anew`,
      'to stop the module for good, withdraw this too: disabling it is not enough',
    ],
  });
  return [approval(terms.base, allowance.baseRaw), approval(terms.quote, allowance.quoteRaw)];
}

/** What a mandate allows and what it does not, one sentence each. */
export function mandateWords(mandate: Mandate, { terms }: VaultSetup): readonly string[] {
  const { base, quote, bridges = [] } = terms;
  const nameOf = (bridge: Address) =>
    bridges.find(({ address }) => sameAddress(address, bridge))?.symbol ?? bridge;
  const inQuote = (raw: bigint) => `${fixed(toWhole(raw, quote.decimals), 2)} ${quote.symbol}`;
  const inBase = (raw: bigint) => `${fixed(toWhole(raw, base.decimals), 4)} ${base.symbol}`;
  const feeds = [...mandate.baseFeeds, mandate.quoteFeed].filter(
    ({ heartbeatSeconds }) => heartbeatSeconds > 0,
  );
  const pools = [...mandate.pools, ...mandate.v4Pools.map((id) => `v4 ${id}`)];
  return [
    `may: swap ${base.symbol} and ${quote.symbol} on ${pools.length} pool${pools.length === 1 ? '' : 's'}: ${pools.join(', ')}`,
    ...(mandate.bridges.length === 0
      ? []
      : [
          `over: ${mandate.bridges.map(nameOf).join(', ')}, two pools in a row; none of it stays or is taken`,
        ]),
    `who: ${mandate.keepers.join(', ')}`,
    `price: at worst ${mandate.maxSlippageBps} bps from ${feeds.length} Chainlink feed${feeds.length === 1 ? '' : 's'}, each within its heartbeat`,
    `turnover: ${inQuote(mandate.turnoverCapacityQuote)} at once, ${inQuote(mandate.turnoverRefillPerDayQuote)} a day flow back`,
    `inventory: no sale below ${inBase(mandate.minBase)}, no purchase above ${inBase(mandate.maxBase)}`,
    ...lendingWords(mandate, inBase, inQuote),
    ...positionWords(mandate),
    BigInt(mandate.guardian) === 0n
      ? 'pause: by the account only'
      : `pause: by the account, or ${mandate.guardian}`,
    'cannot: withdraw, approve, use other pools or tokens, change the mandate',
  ];
}

function lendingWords(
  { lending }: Mandate,
  inBase: (raw: bigint) => string,
  inQuote: (raw: bigint) => string,
): readonly string[] {
  if (BigInt(lending.pool) === 0n) return [];
  const floor = fixed(toWhole(lending.minHealthFactorWad, WAD_DECIMALS), 2);
  return [
    `lends: supplies, withdraws, borrows and repays both on ${lending.pool}`,
    `debt: at most ${inBase(lending.maxBaseDebt)} and ${inQuote(lending.maxQuoteDebt)}, health factor not below ${floor}`,
  ];
}

function positionWords({ positionManager }: Mandate): readonly string[] {
  if (BigInt(positionManager) === 0n) return [];
  return [
    `positions: withdraws liquidity of the account's own Uniswap v3 NFTs of ${positionManager}, to the account, where their pool is as near to the feeds as a price has to be; never moves or burns one`,
  ];
}

/** The most that a stolen keeper key can lose to bad prices within some days, in quote. */
export function worstCaseQuote(mandate: Mandate, quoteDecimals: number, days: number): number {
  const capacity = toWhole(mandate.turnoverCapacityQuote, quoteDecimals);
  const refill = toWhole(mandate.turnoverRefillPerDayQuote, quoteDecimals);
  return ((capacity + refill * days) * mandate.maxSlippageBps) / 10_000;
}

/**
 * The batch as Safe's Transaction Builder imports it.
 *
 * @param sender the Safe that runs it
 */
export function safeBatchJson(
  calls: readonly BatchCall[],
  vault: VaultSetup,
  sender: Address,
  createdAtSeconds: number,
): Record<string, unknown> {
  return {
    version: '1.0',
    chainId: String(vault.terms.chainId),
    createdAt: Math.round(createdAtSeconds * 1000),
    meta: {
      name: `Ballast: mandate of ${vault.terms.name}`,
      description: calls.map(({ title }) => title).join('; '),
      txBuilderVersion: '1.18.0',
      createdFromSafeAddress: sender,
      createdFromOwnerAddress: '',
    },
    transactions: calls.map(({ to, data }) => ({
      to,
      value: '0',
      data,
      contractMethod: null,
      contractInputsValues: null,
    })),
  };
}
