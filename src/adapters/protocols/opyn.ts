import { z } from 'zod';
import { BallastError } from '../../core/errors.ts';
import type { OptionPosition, SpotPosition } from '../../core/position.ts';
import { all, known } from '../../core/read.ts';
import type { VaultTerms } from '../../core/snapshot.ts';
import { type Address, sameAddress, toWhole } from '../../core/units.ts';
import { defineProtocol, type Memory } from '../../ports/protocol.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { call } from '../chain/index.ts';
import { opynControllerAbi, opynDecimals } from './internal/opynAbi.ts';
import {
  discoverSeries,
  type OpynPlace,
  refreshSeries,
  type Series,
  seriesSchema,
} from './internal/opynSeries.ts';
import { readLegs, readVaultCount, type VaultLeg } from './internal/opynVaults.ts';

const config = z.strictObject({
  controller: addressSchema.describe("Opyn Gamma's controller"),
  otokens: z
    .array(addressSchema)
    .default([])
    .describe('oTokens that the account may hold without having minted them'),
});

/** An option whose underlying is not the vault's base, whose strike is not in its quote, or that pays in neither. */
export class UnsupportedOptionError extends BallastError {
  constructor({ otoken, underlying, strikeAsset, collateralAsset }: Series, { base, quote }: VaultTerms) {
    super(
      'OPTION_UNSUPPORTED',
      `oToken ${otoken} is not an option on ${base.symbol} struck in ${quote.symbol} that pays in one of them`,
      {
        facts: { otoken, underlying, strikeAsset, collateralAsset, base: base.address, quote: quote.address },
        action: 'its exposure cannot be counted in this vault: close it, or hold it in an account of its own',
      },
    );
  }
}

/** Collateral in a token that the vault does not count. */
export class UnsupportedCollateralError extends BallastError {
  constructor({ vaultId, asset }: VaultLeg, { base, quote }: VaultTerms) {
    super('COLLATERAL_UNSUPPORTED', `opyn vault ${vaultId} holds collateral ${asset}`, {
      facts: { vaultId, asset, base: base.address, quote: quote.address },
      action: `only ${base.symbol} and ${quote.symbol} are counted: move that vault to an account of its own`,
    });
  }
}

/** What is remembered: it makes a steady state one round. */
const memorySchema = z.object({
  controller: addressSchema,
  oracle: addressSchema,
  vaultCount: z.int().min(0),
  series: z.array(seriesSchema),
});
type OpynMemory = z.infer<typeof memorySchema>;

/**
 * European options of Opyn Gamma: short by the account's vaults, long by its balance of oTokens and by the long legs of
 * its vaults; collateral counts as locked tokens. An option on another pair, or collateral in another token, is refused
 * rather than left out: leaving it out would hedge a vault that is not the real one.
 */
export const opyn = defineProtocol<z.infer<typeof config>>({
  summary: 'Opyn Gamma options: vaults of the account and oTokens that it holds',
  verified: 'abi-only',
  config,
  sample: { controller: '0x4ccc2339F87F6c59c6893E1A678c2266cA58dC72', otokens: [] },
  *read({ controller, otokens }, { vault, block, memory }) {
    const { account } = vault;
    const remembered = memoryOf(memory, controller);
    const oracle = yield* remembered
      ? known(remembered.oracle)
      : call(opynControllerAbi, controller, 'oracle', []);
    const place: OpynPlace = { controller, oracle, account, nowSeconds: block.timestampSeconds };
    const seen = remembered?.series ?? [];
    const seenVaults = remembered?.vaultCount ?? 0;
    const [vaultCount, seenLegs, refreshed] = yield* all([
      readVaultCount(controller, account),
      readLegs(controller, account, 1, seenVaults),
      all(seen.map((series) => refreshSeries(series, place))),
    ]);
    const legs = [...seenLegs, ...(yield* readLegs(controller, account, seenVaults + 1, vaultCount))];
    const wanted = [...otokens, ...legs.flatMap(({ kind, asset }) => (kind === 'collateral' ? [] : asset))];
    const unseen = distinct(wanted).filter(
      (otoken) => !seen.some((series) => sameAddress(series.otoken, otoken)),
    );
    const discovered = yield* all(unseen.map((otoken) => discoverSeries(otoken, place)));
    const held = [...refreshed, ...discovered];
    const seriesOf = (otoken: Address) =>
      held.find(({ series }) => sameAddress(series.otoken, otoken))!.series;
    const positions = [
      ...legs.map((leg) =>
        leg.kind === 'collateral' ? collateral(leg, vault) : legOption(leg, seriesOf(leg.asset), vault),
      ),
      ...held
        .filter(({ balanceRaw }) => balanceRaw > 0n)
        .map(({ series, balanceRaw }) => option('opyn held', series, balanceRaw, vault)),
    ];
    const alive = held.filter(({ series, balanceRaw }) => {
      const inLeg = wanted.some((otoken) => sameAddress(otoken, series.otoken));
      return inLeg || balanceRaw > 0n || series.expirySeconds > block.timestampSeconds;
    });
    const next: OpynMemory = { controller, oracle, vaultCount, series: alive.map(({ series }) => series) };
    return { value: positions, memory: next };
  },
});

function memoryOf(memory: Memory, controller: Address): OpynMemory | null {
  const found = memorySchema.safeParse(memory);
  return found.success && sameAddress(found.data.controller, controller) ? found.data : null;
}

function distinct(addresses: readonly Address[]): readonly Address[] {
  return [...new Map(addresses.map((address) => [address.toLowerCase(), address])).values()];
}

function sideOf(token: Address, { base, quote }: VaultTerms): 'base' | 'quote' | null {
  if (sameAddress(token, base.address)) return 'base';
  return sameAddress(token, quote.address) ? 'quote' : null;
}

function collateral(leg: VaultLeg, vault: VaultTerms): SpotPosition {
  const asset = sideOf(leg.asset, vault);
  if (asset === null) throw new UnsupportedCollateralError(leg, vault);
  return {
    kind: 'spot',
    label: `opyn vault ${leg.vaultId} collateral`,
    asset,
    amountRaw: leg.amountRaw,
    locked: true,
  };
}

function legOption(
  { vaultId, kind, amountRaw }: VaultLeg,
  series: Series,
  vault: VaultTerms,
): OptionPosition {
  return option(`opyn vault ${vaultId} ${kind}`, series, kind === 'short' ? -amountRaw : amountRaw, vault);
}

/** @param sizeRaw oTokens, 8 decimals, negative for short */
function option(holder: string, series: Series, sizeRaw: bigint, vault: VaultTerms): OptionPosition {
  const onPair =
    sameAddress(series.underlying, vault.base.address) &&
    sameAddress(series.strikeAsset, vault.quote.address);
  const settlement = sideOf(series.collateralAsset, vault);
  if (!onPair || settlement === null) throw new UnsupportedOptionError(series, vault);
  const type = series.isPut ? 'put' : 'call';
  const day = new Date(series.expirySeconds * 1_000).toISOString().slice(0, 10);
  return {
    kind: 'option',
    label: `${holder} ${day} ${series.strike} ${type}`,
    type,
    strike: series.strike,
    expirySeconds: series.expirySeconds,
    size: sizeRaw < 0n ? -toWhole(-sizeRaw, opynDecimals) : toWhole(sizeRaw, opynDecimals),
    settlementPrice: series.settlementPrice,
    ...(series.fixingPrice === null ? {} : { fixingPrice: series.fixingPrice }),
    settlement,
  };
}
