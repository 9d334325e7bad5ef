import { keccak256, toHex } from 'viem';
import { erc20Abi } from '../../abis/erc20.ts';
import { call } from '../adapters/chain/index.ts';
import { sequencerReader } from '../adapters/chain/sequencer.ts';
import { bindPolicy } from '../core/policy.ts';
import { all, known, type Read } from '../core/read.ts';
import type { VaultTerms } from '../core/snapshot.ts';
import type { Hex, Token } from '../core/units.ts';
import type { SubmissionSettings, VaultSetup } from '../engine/world.ts';
import type { SimulatedFill } from '../ports/account.ts';
import type { BoundPriceFeed, BoundVolatilityFeed, PriceFeed, VolatilityFeed } from '../ports/feed.ts';
import type { Plugged } from './config/kinds.ts';
import type { TokenConfig } from './config/parts.ts';
import type { VaultConfig } from './config/schema.ts';
import { wellKnownToken } from './config/tokens.ts';
import { documentLoader } from './documentLoader.ts';
import type { Registry } from './registry.ts';

/** A token as the config names it, with what the config leaves out read from its contract. */
function* readToken(chainId: number, config: TokenConfig): Read<Token> {
  if (!('address' in config)) return wellKnownToken(chainId, config.symbol) as Token;
  const { address, symbol, decimals } = config;
  const [readSymbol, readDecimals] = yield* all([
    symbol === undefined ? call(erc20Abi, address, 'symbol', []) : known(symbol),
    decimals === undefined ? call(erc20Abi, address, 'decimals', []) : known(decimals),
  ]);
  return { address, symbol: readSymbol, decimals: readDecimals };
}

/**
 * A vault of the config with every plug-in bound to its own part, as a read of what the chain has to add.
 *
 * @param fetch what feeds reach outside the chain with
 */
export function* readVaultSetup(
  registry: Registry,
  chainId: number,
  vault: VaultConfig,
  submission: SubmissionSettings,
  fetch: typeof globalThis.fetch,
): Read<VaultSetup> {
  const [base, quote, bridges] = yield* all([
    readToken(chainId, vault.base),
    readToken(chainId, vault.quote),
    all(vault.bridges.map((bridge) => readToken(chainId, bridge))),
  ]);
  const account = plugin(registry.accounts, vault.account);
  const accountConfig = vault.account.config;
  const terms: VaultTerms = {
    name: vault.name,
    chainId,
    account: vault.account.address,
    base,
    quote,
    ...(bridges.length === 0 ? {} : { bridges }),
    numeraire: vault.numeraire,
    deltaModel: 'stickyStrike',
    targetDelta: vault.targetDelta,
    rate: vault.rate,
  };
  return {
    terms,
    account: {
      kind: vault.account.kind,
      ...(account.sequence === undefined ? {} : { sequence: account.sequence }),
      read: (context, keeper) => account.read(accountConfig, context, keeper),
      encode: (of, order, keeper) => account.encode(accountConfig, of, order, keeper),
      fill: (of, order, receipt) => account.fill(accountConfig, of, order, receipt),
      ...(account.simulatedFill === undefined
        ? {}
        : { simulatedFill: (data: Hex) => account.simulatedFill?.(accountConfig, data) as SimulatedFill }),
    },
    protocols: vault.positions.map((part) => {
      const protocol = plugin(registry.protocols, part);
      const named = { kind: part.kind, key: keyOf(part) };
      if ('read' in protocol) return { ...named, read: (context) => protocol.read(part.config, context) };
      const load = documentLoader(fetch);
      return { ...named, observe: (signal) => protocol.observe(part.config, terms, { load, signal }) };
    }),
    venues: vault.venues.map((part) => {
      const venue = plugin(registry.venues, part);
      return { kind: part.kind, key: keyOf(part), read: (context) => venue.read(part.config, context) };
    }),
    priceFeeds: vault.prices.map((part) => bindPrice(registry, part)),
    volatilityFeeds: vault.volatility.map((part) => bindVolatility(registry, part, fetch)),
    ...(vault.quotePeg === null ? {} : { quotePegFeed: bindPrice(registry, vault.quotePeg) }),
    ...(vault.sequencer === null ? {} : { readSequencer: sequencerReader(vault.sequencer) }),
    policy: bindPolicy(vault.policy.kind, plugin(registry.policies, vault.policy), vault.policy.config),
    limits: vault.limits,
    nativePrice: vault.nativePrice,
    keeper: vault.keeper,
    submission,
  };
}

function bindPrice(registry: Registry, part: Plugged): BoundPriceFeed {
  const feed = plugin(registry.feeds, part) as PriceFeed;
  return { kind: part.kind, read: (context) => feed.read(part.config, context) };
}

/** A volatility feed bound to its part of the config. */
export function bindVolatility(
  registry: Registry,
  part: Plugged,
  fetch: typeof globalThis.fetch,
): BoundVolatilityFeed {
  const feed = plugin(registry.feeds, part) as VolatilityFeed;
  const named = { kind: part.kind, key: keyOf(part) };
  if ('read' in feed) return { ...named, read: (context) => feed.read(part.config, context) };
  return {
    ...named,
    observe: (nowSeconds, signal) => feed.observe(part.config, { fetch, nowSeconds, signal }),
  };
}

/** The plug-in of a part of the config; the schema has seen to it that there is one. */
export function plugin<T>(family: Readonly<Record<string, T>>, part: Plugged): T {
  return family[part.kind] as T;
}

/** Names what a plug-in remembers by what it was told to read, so that an edited config starts afresh. */
function keyOf(part: Plugged): string {
  const text = JSON.stringify(part, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
  return `${part.kind}:${keccak256(toHex(text)).slice(2, 18)}`;
}
