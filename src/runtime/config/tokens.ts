import type { Address, Token } from '../../core/units.ts';

/** Tokens that a config may name by symbol, by chain. */
const WELL_KNOWN: Readonly<Record<number, Readonly<Record<string, readonly [Address, number]>>>> = {
  1: {
    WETH: ['0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2', 18],
    USDC: ['0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48', 6],
    USDT: ['0xdAC17F958D2ee523a2206206994597C13D831ec7', 6],
    DAI: ['0x6B175474E89094C44Da98b954EedeAC495271d0F', 18],
    WBTC: ['0x2260FAC5E5542a773Aa44fBCfeDf7C193bc2C599', 8],
    wstETH: ['0x7f39C581F595B53c5cb19bD0b3f8dA6c935E2Ca0', 18],
  },
};

/** The token that a symbol stands for on a chain, null where it is not a well-known one. */
export function wellKnownToken(chainId: number, symbol: string): Token | null {
  const entry = WELL_KNOWN[chainId]?.[symbol];
  return entry ? { address: entry[0], symbol, decimals: entry[1] } : null;
}

/** Symbols that a config may use on a chain. */
export function wellKnownSymbols(chainId: number): readonly string[] {
  return Object.keys(WELL_KNOWN[chainId] ?? {});
}

/** What a chain's gas money is when wrapped, null on a chain whose tokens are not known here. */
export function wrappedNativeToken(chainId: number): Token | null {
  return chainId === 1 ? wellKnownToken(chainId, 'WETH') : null;
}
