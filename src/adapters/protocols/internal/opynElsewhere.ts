import { getAddress } from 'viem';
import type { SpotPosition } from '../../../core/position.ts';
import type { VaultTerms } from '../../../core/snapshot.ts';
import { type Address, sameAddress } from '../../../core/units.ts';
import type { HeldSeries, Series } from './opynSeries.ts';
import type { VaultLeg } from './opynVaults.ts';
import { distinct, isOnOtherToken, lockedSpot, UnsupportedCollateralError } from './pairSides.ts';

/** An account's book, without what is on other tokens than the vault's base. */
export interface OwnPart {
  readonly legs: readonly VaultLeg[];
  readonly held: readonly HeldSeries[];
  /** Says what was left out, and is worth nothing; none where nothing was. */
  readonly leftOut: readonly SpotPosition[];
}

/**
 * Leaves out the options on other tokens than the vault's base, which are for a vault of that token: those held, and whole
 * Gamma vaults with their collateral. A vault that mixes underlyings stays, and so is refused where its options are read.
 *
 * @throws UnsupportedCollateralError where base backs an option on another token
 */
export function ownPartOf(
  legs: readonly VaultLeg[],
  held: readonly HeldSeries[],
  seriesOf: (otoken: Address) => Series,
  vault: VaultTerms,
): OwnPart {
  const isOther = (otoken: Address) => isOnOtherToken(seriesOf(otoken), vault);
  const optionsByVault = new Map<number, VaultLeg[]>();
  for (const leg of legs) {
    if (leg.kind === 'collateral') continue;
    const options = optionsByVault.get(leg.vaultId) ?? [];
    options.push(leg);
    optionsByVault.set(leg.vaultId, options);
  }
  const others = [...optionsByVault].filter(([, options]) => options.every(({ asset }) => isOther(asset)));
  const otherIds = new Set(others.map(([id]) => id));
  const base = legs.find(
    ({ vaultId, kind, asset }) =>
      kind === 'collateral' && otherIds.has(vaultId) && sameAddress(asset, vault.base.address),
  );
  if (base !== undefined)
    throw new UnsupportedCollateralError(`opyn vault ${base.vaultId}`, base.asset, vault);
  const otherHeld = new Set(
    held.filter(({ series, balanceRaw }) => balanceRaw > 0n && isOther(series.otoken)),
  );
  const elsewhere = [
    ...others.flatMap(([, options]) => options.map(({ asset }) => asset)),
    ...[...otherHeld].map(({ series }) => series.otoken),
  ];
  return {
    legs: legs.filter(({ vaultId }) => !otherIds.has(vaultId)),
    held: held.filter((one) => !otherHeld.has(one)),
    leftOut: elsewhere.length === 0 ? [] : [note(elsewhere, seriesOf)],
  };
}

function note(otokens: readonly Address[], seriesOf: (otoken: Address) => Series): SpotPosition {
  const underlyings = distinct(otokens.map((otoken) => getAddress(seriesOf(otoken).underlying))).join(', ');
  const count = `${otokens.length} option position${otokens.length === 1 ? '' : 's'}`;
  return lockedSpot(`opyn: ${count} on another token left out (${underlyings})`, 'quote', 0n);
}
