import type { ContractFunctionReturnType } from 'viem';
import { CorruptDataError } from '../../../core/errors.ts';
import type { Read } from '../../../core/read.ts';
import type { Address } from '../../../core/units.ts';
import { call, callEach } from '../../chain/index.ts';
import { opynControllerAbi } from './opynAbi.ts';

/** One leg of a vault; empty legs are left out. Amounts are raw: 8 decimals for oTokens. */
export interface VaultLeg {
  readonly vaultId: number;
  readonly kind: 'short' | 'long' | 'collateral';
  readonly asset: Address;
  readonly amountRaw: bigint;
}

/** A vault as Gamma tells it: lists of assets, and of amounts beside them. */
export type GammaVault = ContractFunctionReturnType<typeof opynControllerAbi, 'view', 'getVault'>;

/** More vaults than an account opens in a lifetime: a count above it is not believed. */
const mostVaults = 10_000n;

/** How many vaults an account has opened; their ids are 1 to that. */
export function* readVaultCount(controller: Address, account: Address): Read<number> {
  const count = yield* call(opynControllerAbi, controller, 'getAccountVaultCounter', [account]);
  if (count > mostVaults) throw new CorruptDataError('opyn vault counter', count, `at most ${mostVaults}`);
  return Number(count);
}

/** Vaults `first` to `last` as Gamma tells them; no round where there are none. */
export function* readVaults(
  controller: Address,
  account: Address,
  first: number,
  last: number,
): Read<readonly GammaVault[]> {
  const vaults = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => ({
    to: controller,
    args: [account, BigInt(first + index)] as const,
  }));
  return yield* callEach(opynControllerAbi, 'getVault', vaults);
}

/** The legs of an account's vaults, from its first one on. @throws CorruptDataError */
export function legsOf(vaults: readonly GammaVault[]): readonly VaultLeg[] {
  return vaults.flatMap((vault, index) => [
    ...legs(index + 1, 'short', vault.shortOtokens, vault.shortAmounts),
    ...legs(index + 1, 'long', vault.longOtokens, vault.longAmounts),
    ...legs(index + 1, 'collateral', vault.collateralAssets, vault.collateralAmounts),
  ]);
}

function legs(
  vaultId: number,
  kind: VaultLeg['kind'],
  assets: readonly Address[],
  amounts: readonly bigint[],
): readonly VaultLeg[] {
  if (assets.length !== amounts.length) {
    throw new CorruptDataError(
      `opyn vault ${vaultId}`,
      `${assets.length} ${kind} assets`,
      `${amounts.length}, one per amount`,
    );
  }
  return assets.flatMap((asset, index) => {
    const amountRaw = amounts[index]!;
    return amountRaw === 0n ? [] : [{ vaultId, kind, asset, amountRaw }];
  });
}
