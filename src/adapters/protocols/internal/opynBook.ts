import { z } from 'zod';
import type { WrittenCollateral } from '../../../core/margin.ts';
import type { OptionPosition, Position, SpotPosition } from '../../../core/position.ts';
import { all, known, type Read } from '../../../core/read.ts';
import type { BlockFacts, VaultTerms } from '../../../core/snapshot.ts';
import { type Address, sameAddress, toWhole } from '../../../core/units.ts';
import type { Memory } from '../../../ports/protocol.ts';
import { addressSchema } from '../../chain/addressSchema.ts';
import { call } from '../../chain/index.ts';
import { rememberedAs } from '../../chain/rememberedAs.ts';
import { opynControllerAbi, opynDecimals } from './opynAbi.ts';
import { ownPartOf } from './opynElsewhere.ts';
import { knownBooks } from './opynKnownBook.ts';
import { writtenCollateral } from './opynMargin.ts';
import { discoverSeries, type OpynPlace, refreshSeries, type Series, seriesSchema } from './opynSeries.ts';
import { legsOf, readVaultCount, readVaults, type VaultLeg } from './opynVaults.ts';
import {
  byAddress,
  dayOf,
  lockedSpot,
  settlementOf,
  sideOf,
  UnsupportedCollateralError,
} from './pairSides.ts';

/** Whose options are read, and where. */
export interface OpynHolder {
  readonly controller: Address;
  /** Owner of the Gamma vaults and of the oTokens. */
  readonly account: Address;
  /** oTokens that it may hold without having minted them. */
  readonly otokens: readonly Address[];
}

/** What is remembered: it makes a steady state one round. */
const memorySchema = z.object({
  controller: addressSchema,
  oracle: addressSchema,
  vaultCount: z.int().min(0),
  series: z.array(seriesSchema),
});
type OpynMemory = z.infer<typeof memorySchema>;

const readMemory = rememberedAs(memorySchema);

/** The positions of an account in Opyn Gamma, and what is worth remembering. */
export interface OpynBook {
  readonly positions: readonly (SpotPosition | OptionPosition)[];
  readonly written: readonly WrittenCollateral[];
  readonly memory: OpynMemory;
}

const books = knownBooks<OpynMemory, OpynBook>();

/**
 * Reads the vaults of an account, short legs, long legs and collateral, and the oTokens that it holds.
 *
 * @throws UnsupportedOptionError, UnsupportedCollateralError (in the read) for what touches the vault's pair and is not
 *   of it; options on another token altogether are left out, and a position worth nothing says so
 * @throws CorruptDataError (in the read) for what no ledger can say
 */
export function* readOpynBook(
  holder: OpynHolder,
  vault: VaultTerms,
  block: BlockFacts,
  memory: Memory,
): Read<OpynBook> {
  const { controller, account, otokens } = holder;
  const remembered = memoryOf(memory, controller);
  const oracle = yield* remembered
    ? known(remembered.oracle)
    : call(opynControllerAbi, controller, 'oracle', []);
  const place: OpynPlace = { controller, oracle, account, nowSeconds: block.timestampSeconds };
  const seen = remembered?.series ?? [];
  const seenCount = remembered?.vaultCount ?? 0;
  const [vaultCount, seenVaults, refreshed] = yield* all([
    readVaultCount(controller, account),
    readVaults(controller, account, 1, seenCount),
    refreshSeries(seen, place),
  ]);
  const source = { holder, vault, vaults: seenVaults, held: refreshed };
  const same = remembered && vaultCount === seenCount && books.find(remembered, source, place.nowSeconds);
  if (same) return same;
  const vaults = [...seenVaults, ...(yield* readVaults(controller, account, seenCount + 1, vaultCount))];
  const legs = legsOf(vaults);
  const wanted = byAddress([
    ...otokens,
    ...legs.flatMap(({ kind, asset }) => (kind === 'collateral' ? [] : asset)),
  ]);
  const seenNames = byAddress(seen.map(({ otoken }) => otoken));
  const unseen = [...wanted].flatMap(([name, otoken]) => (seenNames.has(name) ? [] : otoken));
  const discovered = yield* all(unseen.map((otoken) => discoverSeries(otoken, place)));
  const held = [...refreshed, ...discovered];
  const seriesByName = new Map(held.map(({ series }) => [series.otoken.toLowerCase(), series]));
  const seriesOf = (otoken: Address) => seriesByName.get(otoken.toLowerCase())!;
  const own = ownPartOf(legs, held, seriesOf, vault);
  const positions = [
    ...own.legs.map((leg) =>
      leg.kind === 'collateral' ? collateral(leg, vault) : legOption(leg, seriesOf(leg.asset), vault),
    ),
    ...own.held
      .filter(({ balanceRaw }) => balanceRaw > 0n)
      .map(({ series, balanceRaw }) => option('opyn held', series, balanceRaw, vault)),
    ...own.leftOut,
  ];
  const alive = held.filter(
    ({ series, balanceRaw }) =>
      balanceRaw > 0n ||
      series.expirySeconds > block.timestampSeconds ||
      wanted.has(series.otoken.toLowerCase()),
  );
  const book: OpynBook = {
    positions,
    written: writtenCollateral(own.legs, seriesOf, vault),
    memory: { controller, oracle, vaultCount, series: alive.map(({ series }) => series) },
  };
  const isKnown = remembered && vaultCount === seenCount && unseen.length === 0;
  if (isKnown) books.keep(remembered, source, book, place.nowSeconds);
  return book;
}

function memoryOf(memory: Memory, controller: Address): OpynMemory | null {
  const found = readMemory(memory);
  return found !== null && sameAddress(found.controller, controller) ? found : null;
}

function collateral(leg: VaultLeg, vault: VaultTerms): SpotPosition {
  const asset = sideOf(leg.asset, vault);
  const holder = `opyn vault ${leg.vaultId}`;
  if (asset === null) throw new UnsupportedCollateralError(holder, leg.asset, vault);
  return lockedSpot(`${holder} collateral`, asset, leg.amountRaw);
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
  const settlement = settlementOf({ name: `oToken ${series.otoken}`, ...series }, vault);
  const type = series.isPut ? 'put' : 'call';
  return {
    kind: 'option',
    label: `${holder} ${dayOf(series.expirySeconds)} ${series.strike} ${type}`,
    type,
    strike: series.strike,
    expirySeconds: series.expirySeconds,
    size: sizeRaw < 0n ? -toWhole(-sizeRaw, opynDecimals) : toWhole(sizeRaw, opynDecimals),
    settlementPrice: series.settlementPrice,
    ...(series.fixingPrice === null ? {} : { fixingPrice: series.fixingPrice }),
    settlement,
  };
}

/** A share of every position, rounded towards zero: what somebody owns who holds a part of the holder. */
export function shareOf(
  { positions }: OpynBook,
  numerator: bigint,
  denominator: bigint,
): readonly Position[] {
  const share = Number(numerator) / Number(denominator);
  return positions.map((position) =>
    position.kind === 'spot'
      ? { ...position, amountRaw: (position.amountRaw * numerator) / denominator }
      : { ...position, size: position.size * share },
  );
}
