import { z } from 'zod';
import { all, known, type Read } from '../../../core/read.ts';
import { type Address, sameAddress } from '../../../core/units.ts';
import type { Memory } from '../../../ports/protocol.ts';
import { addressSchema } from '../../chain/addressSchema.ts';
import { call } from '../../chain/index.ts';
import { aaveOracleViews, aavePoolViews, aaveProviderViews } from './aaveAbi.ts';
import { usageOf } from './aaveConfiguration.ts';
import { type EMode, readEMode } from './aaveEMode.ts';
import {
  type ReserveState,
  type ReserveTerms,
  readReserveState,
  readReserveTerms,
  reserveTermsSchema,
} from './aaveReserve.ts';

/** What is remembered: it makes a steady state one round. */
const memorySchema = z.object({
  pool: addressSchema,
  provider: addressSchema,
  oracle: addressSchema,
  eModeCategory: z.int().min(0),
  reserves: z.array(reserveTermsSchema),
  /** Assets of those that were read last. */
  read: z.array(addressSchema),
});
type AaveMemory = z.infer<typeof memorySchema>;

/** An account at one reserve. */
export interface AccountReserve {
  readonly terms: ReserveTerms;
  readonly state: ReserveState;
  /** By the market's oracle, in its own unit. */
  readonly priceRaw: bigint;
  readonly isCollateral: boolean;
  readonly borrows: boolean;
}

/** An account at a market: its reserves, those that are asked for first. */
export interface AaveAccount {
  readonly reserves: readonly AccountReserve[];
  readonly eModeCategory: number;
  readonly eMode: EMode | null;
  /** All that is owed, in the oracle's unit. */
  readonly debtRaw: bigint;
  /** 18 decimals; the largest number of 256 bits where nothing is owed. */
  readonly healthFactorRaw: bigint;
  readonly memory: AaveMemory;
}

const indexIn = (assets: readonly Address[], asset: Address) =>
  assets.findIndex((one) => sameAddress(one, asset));
const assetsOf = (reserves: readonly ReserveTerms[]) => reserves.map(({ asset }) => asset);

/**
 * Reads an account: the reserves that are asked for, where the market lists them, and every other that it borrows from or
 * has as collateral. One round once all of them were read before and nothing else changed.
 */
export function* readAaveAccount(
  pool: Address,
  account: Address,
  asked: readonly Address[],
  remembered: Memory,
): Read<AaveAccount> {
  const memory = memoryOf(remembered, pool);
  const provider = memory?.provider ?? (yield* call(aavePoolViews, pool, 'ADDRESSES_PROVIDER', []));
  const seen = memory?.reserves.filter(({ asset }) => indexIn(memory.read, asset) >= 0) ?? [];
  const [
    oracle,
    list,
    usage,
    category,
    [, debtRaw, , , , healthFactorRaw],
    seenEMode,
    seenStates,
    seenPrices,
  ] = yield* all([
    call(aaveProviderViews, provider, 'getPriceOracle', []),
    call(aavePoolViews, pool, 'getReservesList', []),
    call(aavePoolViews, pool, 'getUserConfiguration', [account]),
    call(aavePoolViews, pool, 'getUserEMode', [account]),
    call(aavePoolViews, pool, 'getUserAccountData', [account]),
    readEMode(pool, memory?.eModeCategory ?? 0),
    all(seen.map((terms) => readReserveState(terms, pool, account))),
    memory === null ? known([]) : call(aaveOracleViews, memory.oracle, 'getAssetsPrices', [assetsOf(seen)]),
  ]);
  const listed = yield* readListed(pool, list, memory?.reserves ?? []);
  const wanted = wantedOf(listed, usage, asked);
  const fresh = wanted.filter(({ asset }) => indexIn(assetsOf(seen), asset) < 0);
  const isKnown = memory !== null && fresh.length === 0 && sameAddress(oracle, memory.oracle);
  const eModeCategory = Number(category);
  const [freshStates, freshPrices, eMode] = yield* all([
    all(fresh.map((terms) => readReserveState(terms, pool, account))),
    isKnown ? known(null) : call(aaveOracleViews, oracle, 'getAssetsPrices', [assetsOf(wanted)]),
    eModeCategory === (memory?.eModeCategory ?? 0) ? known(seenEMode) : readEMode(pool, eModeCategory),
  ]);
  const states = new Map([
    ...seen.map(({ asset }, index) => [asset, seenStates[index]!] as const),
    ...fresh.map(({ asset }, index) => [asset, freshStates[index]!] as const),
  ]);
  const reserves = wanted.map((terms, index) => ({
    terms,
    state: states.get(terms.asset)!,
    priceRaw: freshPrices?.[index] ?? seenPrices[indexIn(assetsOf(seen), terms.asset)]!,
    ...usageOf(usage, terms.id),
  }));
  const kept = listed.map((terms) => ({
    ...terms,
    strategy: states.get(terms.asset)?.strategy ?? terms.strategy,
  }));
  const next = { pool, provider, oracle, eModeCategory, reserves: kept, read: assetsOf(wanted) };
  return { reserves, eModeCategory, eMode, debtRaw, healthFactorRaw, memory: next };
}

function memoryOf(memory: Memory, pool: Address): AaveMemory | null {
  const found = memorySchema.safeParse(memory);
  return found.success && sameAddress(found.data.pool, pool) ? found.data : null;
}

/** The terms of every reserve that the market lists; asked for only where they are new. */
function* readListed(
  pool: Address,
  list: readonly Address[],
  seen: readonly ReserveTerms[],
): Read<readonly ReserveTerms[]> {
  const unseen = list.filter((asset) => indexIn(assetsOf(seen), asset) < 0);
  const found = yield* all(unseen.map((asset) => readReserveTerms(pool, asset)));
  return [...seen.filter(({ asset }) => indexIn(list, asset) >= 0), ...found];
}

/** Those that are asked for, in their order, then those that the account uses. */
function wantedOf(
  listed: readonly ReserveTerms[],
  usage: bigint,
  asked: readonly Address[],
): readonly ReserveTerms[] {
  const first = asked.flatMap((asset) => listed.find((terms) => sameAddress(terms.asset, asset)) ?? []);
  const used = listed.filter((terms) => {
    const { borrows, isCollateral } = usageOf(usage, terms.id);
    return (borrows || isCollateral) && !first.includes(terms);
  });
  return [...first, ...used];
}
