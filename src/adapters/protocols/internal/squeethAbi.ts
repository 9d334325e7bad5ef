import { parseAbi } from 'viem';

/**
 * The views of Squeeth's controller that are read, as published by `opynfinance/squeeth-monorepo` at commit
 * 6dc8cd9e794831c288273ee16f0aa7d71387f191; no package ships its ABI.
 */
export const squeethControllerAbi = parseAbi([
  'function weth() view returns (address)',
  'function quoteCurrency() view returns (address)',
  'function wPowerPerp() view returns (address)',
  'function shortPowerPerp() view returns (address)',
  'function vaults(uint256 vaultId) view returns (address operator, uint32 NftCollateralId, uint96 collateralAmount, uint128 shortAmount)',
  'function normalizationFactor() view returns (uint128)',
  'function getExpectedNormalizationFactor() view returns (uint256)',
  'function getDenormalizedMark(uint32 period) view returns (uint256)',
  'function getIndex(uint32 period) view returns (uint256)',
  'function isShutDown() view returns (bool)',
  'function indexForSettlement() view returns (uint256)',
]);

/** A Crab-like strategy: one short vault that its shares own together. Same commit. */
export const crabAbi = parseAbi([
  'function balanceOf(address account) view returns (uint256)',
  'function totalSupply() view returns (uint256)',
  'function powerTokenController() view returns (address)',
  'function getVaultDetails() view returns (address operator, uint256 nftCollateralId, uint256 collateralAmount, uint256 shortAmount)',
]);
