import { parseAbi } from 'viem';

/**
 * The views of Opyn Gamma that are read, as published by `opynfinance/GammaProtocol` at commit
 * 841f81d9d05da9d27277b5775edfbb48c4012d2a; no package ships its ABI.
 */
export const opynControllerAbi = parseAbi([
  'struct Vault { address[] shortOtokens; address[] longOtokens; address[] collateralAssets; uint256[] shortAmounts; uint256[] longAmounts; uint256[] collateralAmounts; }',
  'function oracle() view returns (address)',
  'function getAccountVaultCounter(address accountOwner) view returns (uint256)',
  'function getVault(address owner, uint256 vaultId) view returns (Vault)',
  'function isSettlementAllowed(address otoken) view returns (bool)',
]);

/** An oToken: one series of options. */
export const opynOtokenAbi = parseAbi([
  'function balanceOf(address account) view returns (uint256)',
  'function underlyingAsset() view returns (address)',
  'function strikeAsset() view returns (address)',
  'function collateralAsset() view returns (address)',
  'function strikePrice() view returns (uint256)',
  'function expiryTimestamp() view returns (uint256)',
  'function isPut() view returns (bool)',
]);

/** Prices at expiry. */
export const opynOracleAbi = parseAbi([
  'function getExpiryPrice(address asset, uint256 expiryTimestamp) view returns (uint256 price, bool isFinalized)',
]);

/** Decimals of oTokens, strikes and expiry prices. */
export const opynDecimals = 8;
