import { zeroAddress } from 'viem';
import { erc20Abi } from '../../../abis/erc20.ts';
import { hedgeModuleAbi } from '../../../abis/hedgeModule.ts';
import { optionVaultAbi } from '../../../abis/optionVault.ts';
import { safeAbi } from '../../../abis/safe.ts';
import { hedgeModuleAddress } from '../../adapters/chain/deployment.ts';
import { call } from '../../adapters/chain/index.ts';
import { all, type Read } from '../../core/read.ts';
import type { BlockFacts } from '../../core/snapshot.ts';
import { type Address, type Hash, sameAddress, type Token, toWhole } from '../../core/units.ts';
import type { Chain, Outcome } from '../../ports/chain.ts';
import { nearest } from '../config/nearest.ts';
import { UsageError } from '../errors.ts';
import { type FoundRole, findRole } from './findRole.ts';
import type { KnownContracts } from './knownContracts.ts';

/** A feed as a mandate names it. */
export interface MandateFeed {
  readonly feed: Address;
  readonly heartbeatSeconds: number;
}

/** What the HedgeModule already holds the keeper of an account to; amounts in whole tokens. */
export interface FoundMandate {
  readonly base: Address;
  readonly quote: Address;
  readonly baseFeeds: readonly MandateFeed[];
  readonly quoteFeed: MandateFeed | null;
  readonly keepers: readonly Address[];
  readonly pools: readonly Address[];
  readonly v4Pools: readonly Hash[];
  readonly maxSlippageBps: number;
  readonly turnoverCapacityRaw: bigint;
  readonly turnoverRefillPerDayRaw: bigint;
  readonly minBaseRaw: bigint;
  readonly maxBaseRaw: bigint;
  readonly lending:
    | ({ readonly pool: Address; readonly minHealthFactorWad: bigint } & Readonly<
        Record<'maxBaseDebtRaw' | 'maxQuoteDebtRaw', bigint>
      >)
    | null;
  /** Where the keeper may withdraw the account's liquidity; null where it may not. */
  readonly positionManager: Address | null;
}

/** What stands at a vault's address. */
export interface FoundAccount {
  /** Null where it is neither a Safe nor an OptionVault; a Safe whose keeper has a role is `safeRoles`. */
  readonly kind: 'safe' | 'safeRoles' | 'optionVault' | null;
  /** `Safe 2/3`, in words. */
  readonly words: string;
  /** Null where this build's module holds none for it. */
  readonly mandate: FoundMandate | null;
  /** The role that its keeper has, of kind `safeRoles` alone. */
  readonly role: FoundRole | null;
}

/** Looks at the account: what it is, and what it allows already. */
export async function findAccount(chain: Chain, at: BlockFacts, account: Address): Promise<FoundAccount> {
  const [safe, vault] = await chain.read<unknown>(
    [
      all([call(safeAbi, account, 'getThreshold', []), call(safeAbi, account, 'getOwners', [])]),
      call(optionVaultAbi, account, 'isRoundOpen', []),
    ],
    at,
  );
  const [mandate] = await chain.read([readMandate(account)], at);
  const allowed = mandate?.ok === true ? mandate.value : null;
  if (vault?.ok === true) return { kind: 'optionVault', words: 'OptionVault', mandate: allowed, role: null };
  if (safe?.ok === true) {
    const [threshold, owners] = safe.value as readonly [bigint, readonly Address[]];
    const words = `Safe ${threshold}/${owners.length}`;
    const role = allowed === null ? await findRole(chain, at, account) : null;
    if (role === null) return { kind: 'safe', words, mandate: allowed, role };
    return { kind: 'safeRoles', words: `${words} with a role of Zodiac Roles`, mandate: null, role };
  }
  return { kind: null, words: 'no Safe and no OptionVault answers there', mandate: allowed, role: null };
}

function* readMandate(account: Address): Read<FoundMandate | null> {
  const found = yield* call(hedgeModuleAbi, hedgeModuleAddress, 'mandateOf', [account]);
  if (found.base === zeroAddress) return null;
  const feedOf = (one: { readonly aggregator: Address; readonly heartbeatSeconds: number }): MandateFeed => ({
    feed: one.aggregator,
    heartbeatSeconds: one.heartbeatSeconds,
  });
  const isNamed = ({ feed }: MandateFeed) => feed !== zeroAddress;
  const quoteFeed = feedOf(found.quoteFeed);
  const { lending } = found;
  return {
    base: found.base,
    quote: found.quote,
    baseFeeds: found.baseFeeds.map(feedOf).filter(isNamed),
    quoteFeed: isNamed(quoteFeed) ? quoteFeed : null,
    keepers: found.keepers,
    pools: found.pools,
    v4Pools: found.v4Pools,
    maxSlippageBps: found.maxSlippageBps,
    turnoverCapacityRaw: found.turnoverCapacityQuote,
    turnoverRefillPerDayRaw: found.turnoverRefillPerDayQuote,
    minBaseRaw: found.minBase,
    maxBaseRaw: found.maxBase,
    lending:
      lending.pool === zeroAddress
        ? null
        : {
            pool: lending.pool,
            minHealthFactorWad: lending.minHealthFactorWad,
            maxBaseDebtRaw: lending.maxBaseDebt,
            maxQuoteDebtRaw: lending.maxQuoteDebt,
          },
    positionManager: found.positionManager === zeroAddress ? null : found.positionManager,
  };
}

/** Two tokens by symbol or address, as `WETH/USDC` or `0x…/0x…`. */
export type PairNames = readonly [string, string];

/** The pair that is most likely meant: the mandate's, else the wrapped coin against what the account holds most of. */
export async function likelyPair(
  chain: Chain,
  at: BlockFacts,
  account: Address,
  mandate: FoundMandate | null,
  known: KnownContracts | null,
): Promise<PairNames | null> {
  if (mandate !== null) return [nameOf(mandate.base, known), nameOf(mandate.quote, known)];
  if (known === null) return null;
  const names = Object.keys(known.tokens);
  const outcomes = await chain.read(
    Object.values(known.tokens).map((token) =>
      all([call(erc20Abi, token, 'balanceOf', [account]), call(erc20Abi, token, 'decimals', [])]),
    ),
    at,
  );
  const held = (symbol: string) => {
    const outcome = outcomes[names.indexOf(symbol)];
    return outcome?.ok === true ? toWhole(outcome.value[0], outcome.value[1]) : 0;
  };
  const dollars = names.filter((name) => /USD|DAI/.test(name));
  const others = names.filter((name) => !dollars.includes(name));
  const most = (of: readonly string[]) => of.toSorted((a, b) => held(b) - held(a))[0];
  const [base, quote] = [most(others), most(dollars)];
  return base === undefined || quote === undefined ? null : [base, quote];
}

const nameOf = (token: Address, known: KnownContracts | null) =>
  Object.entries(known?.tokens ?? {}).find(([, address]) => sameAddress(address, token))?.[0] ?? token;

/**
 * The two tokens with what their contracts say of them.
 *
 * @throws UsageError where a symbol is not known here, or no token answers at an address
 */
export async function findTokens(
  chain: Chain,
  at: BlockFacts,
  pair: PairNames,
  known: KnownContracts | null,
): Promise<readonly [Token, Token]> {
  const addresses = pair.map((name) => tokenAddress(name, chain.chainId, known));
  const outcomes = await chain.read(
    addresses.map((token) =>
      all([call(erc20Abi, token, 'symbol', []), call(erc20Abi, token, 'decimals', [])]),
    ),
    at,
  );
  const [base, quote] = outcomes.map((outcome, index) => tokenOf(outcome, addresses[index]!));
  return [base!, quote!];
}

function tokenAddress(name: string, chainId: number, known: KnownContracts | null): Address {
  if (/^0x[0-9a-fA-F]{40}$/.test(name)) return name as Address;
  const symbols = Object.keys(known?.tokens ?? {});
  const found = symbols.find((symbol) => symbol.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return known!.tokens[found]!;
  const meant = nearest(name, symbols);
  throw new UsageError('USAGE', `${name} is no token that is known by symbol on chain ${chainId}`, {
    facts: { known: symbols.join(', ') || 'none' },
    action: meant === null ? 'name it by its address: --base 0x… --quote 0x…' : `did you mean ${meant}?`,
  });
}

function tokenOf(outcome: Outcome<readonly [string, number]>, address: Address): Token {
  if (outcome.ok) return { address, symbol: outcome.value[0], decimals: outcome.value[1] };
  throw new UsageError('USAGE', `no token answers at ${address}`, {
    action: 'check --base and --quote, and that --rpc is of the chain that is meant',
    cause: outcome.error,
  });
}
