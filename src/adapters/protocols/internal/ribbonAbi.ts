import { parseAbi } from 'viem';

/**
 * The views of a Ribbon v2 theta vault that are read, as published by `ribbon-finance/ribbon-v2` at commit
 * 9a7c788f123cf1e82b207b1ddbcddcab14727019; no package ships its ABI.
 */
export const ribbonVaultAbi = parseAbi([
  'function vaultParams() view returns (bool isPut, uint8 decimals, address asset, address underlying, uint56 minimumSupply, uint104 cap)',
  'function vaultState() view returns (uint16 round, uint104 lockedAmount, uint104 lastLockedAmount, uint128 totalPending, uint128 queuedWithdrawShares)',
  'function optionState() view returns (address nextOption, address currentOption, uint32 nextOptionReadyAt)',
  'function GAMMA_CONTROLLER() view returns (address)',
  'function lastQueuedWithdrawAmount() view returns (uint256)',
  'function totalSupply() view returns (uint256)',
  'function shares(address account) view returns (uint256)',
  'function depositReceipts(address account) view returns (uint16 round, uint104 amount, uint128 unredeemedShares)',
  'function withdrawals(address account) view returns (uint16 round, uint128 shares)',
  'function roundPricePerShare(uint256 round) view returns (uint256)',
]);
