import { parseAbi } from 'viem';

/**
 * The views of a Premia v3 pool that are read, as published by `Premian-Labs/v3-contracts` at commit
 * fe3b821ab87a0b98cb6f1142134e2ddaadbc4c4d (and in the npm package `@premia/v3-abi` 1.2.9). Numbers have 18 decimals unless
 * they are amounts of the pool's token.
 */
export const premiaPoolAbi = parseAbi([
  'struct PositionKey { address owner; address operator; uint256 lower; uint256 upper; uint8 orderType; }',
  'function getPoolSettings() view returns (address base, address quote, address oracleAdapter, uint256 strike, uint256 maturity, bool isCallPool)',
  'function marketPrice() view returns (uint256)',
  'function getSettlementPrice() view returns (uint256)',
  'function getClaimableFees(PositionKey p) view returns (uint256)',
  'function tokensByAccount(address account) view returns (uint256[])',
  'function balanceOf(address account, uint256 id) view returns (uint256)',
]);

/** Prices at maturity, base in quote, 18 decimals. Same commit. */
export const premiaOracleAdapterAbi = parseAbi([
  'function getPriceAt(address tokenIn, address tokenOut, uint256 target) view returns (uint256)',
]);
