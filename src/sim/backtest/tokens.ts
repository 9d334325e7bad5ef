import type { Address, Token } from '../../core/units.ts';

/** The base of every simulated vault; token0 of its pools. */
export const BASE: Token = {
  address: '0x000000000000000000000000000000000000ba5e',
  symbol: 'WETH',
  decimals: 18,
};

/** The quote of every simulated vault. */
export const QUOTE: Token = {
  address: '0x000000000000000000000000000000000000c0de',
  symbol: 'USDC',
  decimals: 6,
};

/** Who holds the positions. */
export const VAULT: Address = '0x0000000000000000000000000000000000000a11';
/** Who signs. */
export const KEEPER: Address = '0x000000000000000000000000000000000000eeee';
/** What orders go to. */
export const MODULE: Address = '0x0000000000000000000000000000000000000d01';
