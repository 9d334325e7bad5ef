import { erc20Abi } from 'viem';
import { z } from 'zod';
import { CorruptDataError } from '../../core/errors.ts';
import type { WrittenCollateral } from '../../core/margin.ts';
import { integerSqrtUp } from '../../core/math/integerSqrt.ts';
import type { Position, PowerPerpPosition } from '../../core/position.ts';
import { all, type Read } from '../../core/read.ts';
import type { VaultTerms } from '../../core/snapshot.ts';
import { type Address, max, sameAddress, toWhole } from '../../core/units.ts';
import { defineProtocol, type Memory } from '../../ports/protocol.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { call } from '../chain/index.ts';
import { readOwnedNfts } from './internal/ownedNfts.ts';
import {
  heldOrOwed,
  lockedSpot,
  UnsupportedCollateralError,
  UnsupportedMarketError,
} from './internal/pairSides.ts';
import { crabAbi, squeethControllerAbi } from './internal/squeethAbi.ts';

const config = z.strictObject({
  controller: addressSchema.describe("Squeeth's controller"),
  strategies: z
    .array(addressSchema)
    .default([])
    .describe('Crab-like strategies whose shares the account holds; each owns one short vault'),
  twapSeconds: z
    .int()
    .min(1)
    .max(86_400)
    .default(420)
    .describe('time over which mark and index are averaged; 420 is what the protocol itself uses'),
});
type SqueethConfig = z.infer<typeof config>;

const memorySchema = z.object({
  controller: addressSchema,
  weth: addressSchema,
  quoteCurrency: addressSchema,
  wPowerPerp: addressSchema,
  shortPowerPerp: addressSchema,
  vaultIds: z.array(z.string().regex(/^\d+$/)),
});
type Terms = Omit<z.infer<typeof memorySchema>, 'vaultIds'>;

/** Decimals of oSQTH, of the normalisation factor and of WETH. */
const WAD_DECIMALS = 18;
const WAD = 10n ** 18n;

/**
 * Squeeth, the squared power perpetual on ETH: long by a balance of oSQTH, short by the account's vaults and by its part of
 * the vaults of Crab-like strategies; collateral counts as locked WETH. Sizes are in oSQTH. The normalisation factor is the
 * one that applies if funding is paid now, so a vault that nobody touches for days is not counted short too much; mark
 * and index are the controller's own averages over `twapSeconds`, and what the mark stands above the index is what
 * longs pay: it is the position's theta. After a shutdown every position is a fixed number of WETH.
 *
 * Reads `opynfinance/squeeth-monorepo` at commit 6dc8cd9e794831c288273ee16f0aa7d71387f191. Not covered: vaults with a
 * Uniswap position as collateral, which are refused; liquidity in the oSQTH/WETH pool.
 */
export const squeeth = defineProtocol<SqueethConfig>({
  summary: 'Squeeth: oSQTH held, short vaults, and shares of Crab-like strategies',
  verified: 'abi-only',
  config,
  sample: {
    controller: '0x64187ae08781B09368e6253F9E94951243A493D5',
    strategies: ['0x3B960E47784150F5a63777201ee2B15253D713e8'],
    twapSeconds: 420,
  },
  counts: ({ controller, strategies }) => [controller, ...strategies],
  *read(settings, { vault, memory }) {
    const { controller, strategies } = settings;
    const remembered = memoryOf(memory, controller);
    const terms = remembered ?? (yield* readTerms(controller));
    requirePair(terms, vault);
    const seenIds = (remembered?.vaultIds ?? []).map(BigInt);
    const [market, longRaw, ids, seenVaults, shares] = yield* all([
      readMarket(settings),
      call(erc20Abi, terms.wPowerPerp, 'balanceOf', [vault.account]),
      readOwnedNfts(terms.shortPowerPerp, vault.account, seenIds.length),
      all(seenIds.map((id) => readVault(controller, id))),
      all(strategies.map((strategy) => readShare(strategy, settings, vault.account))),
    ]);
    const unseen = ids.filter((id) => !seenIds.includes(id));
    const found = yield* all(unseen.map((id) => readVault(controller, id)));
    const owned = [...seenVaults, ...found].filter(({ id }) => ids.includes(id));
    const positions = [
      ...powerPerp('squeeth held', longRaw, market),
      ...owned.flatMap(({ id, ...contents }) =>
        vaultPositions(`squeeth vault ${id}`, contents, market, vault),
      ),
      ...shares.flatMap(({ strategy, ...contents }) =>
        vaultPositions(`squeeth strategy ${strategy.slice(0, 8)}`, contents, market, vault),
      ),
    ];
    const written = owned.flatMap(({ id, ...contents }) => backing(`squeeth vault ${id}`, contents, market));
    return {
      value: positions,
      memory: { ...terms, vaultIds: owned.map(({ id }) => String(id)) },
      ...(written.length > 0 && { margin: { written } }),
    };
  },
});

function memoryOf(memory: Memory, controller: Address) {
  const found = memorySchema.safeParse(memory);
  return found.success && sameAddress(found.data.controller, controller) ? found.data : null;
}

function* readTerms(controller: Address): Read<Terms> {
  const [weth, quoteCurrency, wPowerPerp, shortPowerPerp] = yield* all([
    call(squeethControllerAbi, controller, 'weth', []),
    call(squeethControllerAbi, controller, 'quoteCurrency', []),
    call(squeethControllerAbi, controller, 'wPowerPerp', []),
    call(squeethControllerAbi, controller, 'shortPowerPerp', []),
  ]);
  return { controller, weth, quoteCurrency, wPowerPerp, shortPowerPerp };
}

function requirePair({ controller, weth, quoteCurrency }: Terms, vault: VaultTerms): void {
  if (sameAddress(weth, vault.base.address) && sameAddress(quoteCurrency, vault.quote.address)) return;
  throw new UnsupportedMarketError(`Squeeth ${controller}`, { weth, quoteCurrency }, vault);
}

/** What all positions are worth by. */
interface Market {
  readonly normalizationFactorWad: bigint;
  /** Price of ether over 10,000. */
  readonly scaledPriceWad: bigint;
  readonly markToIndex: number;
  /** WETH per oSQTH of normalisation factor 1, once the protocol is shut down; null while it runs. */
  readonly settlementWad: bigint | null;
}

function* readMarket({ controller, twapSeconds }: SqueethConfig): Read<Market> {
  const [expected, stored, mark, index, isShutDown, settlement] = yield* all([
    call(squeethControllerAbi, controller, 'getExpectedNormalizationFactor', []),
    call(squeethControllerAbi, controller, 'normalizationFactor', []),
    call(squeethControllerAbi, controller, 'getDenormalizedMark', [twapSeconds]),
    call(squeethControllerAbi, controller, 'getIndex', [twapSeconds]),
    call(squeethControllerAbi, controller, 'isShutDown', []),
    call(squeethControllerAbi, controller, 'indexForSettlement', []),
  ]);
  const normalizationFactorWad = isShutDown ? stored : expected;
  for (const [what, value] of Object.entries({ normalizationFactor: normalizationFactorWad, mark, index })) {
    if (value === 0n) throw new CorruptDataError(`${what} of Squeeth ${controller}`, value, 'above 0');
  }
  return {
    normalizationFactorWad,
    scaledPriceWad: integerSqrtUp(index * WAD),
    markToIndex: Number(mark) / Number(index),
    settlementWad: isShutDown ? settlement : null,
  };
}

/** A short vault, or a part of one; raw amounts of 18 decimals. */
interface VaultContents {
  readonly shortRaw: bigint;
  readonly collateralRaw: bigint;
  readonly nftCollateralId: bigint;
}

function* readVault(controller: Address, id: bigint): Read<VaultContents & { readonly id: bigint }> {
  const [, nft, collateralRaw, shortRaw] = yield* call(squeethControllerAbi, controller, 'vaults', [id]);
  return { id, shortRaw, collateralRaw, nftCollateralId: BigInt(nft) };
}

/** An account's part of a strategy's vault. */
function* readShare(
  strategy: Address,
  { controller }: SqueethConfig,
  account: Address,
): Read<VaultContents & { readonly strategy: Address }> {
  const [of, shares, total, details] = yield* all([
    call(crabAbi, strategy, 'powerTokenController', []),
    call(crabAbi, strategy, 'balanceOf', [account]),
    call(crabAbi, strategy, 'totalSupply', []),
    call(crabAbi, strategy, 'getVaultDetails', []),
  ]);
  if (!sameAddress(of, controller)) {
    throw new CorruptDataError(`controller of strategy ${strategy}`, of, `${controller}, the config's`);
  }
  if (shares > total) throw new CorruptDataError(`shares of ${strategy}`, shares, `at most ${total}`);
  const [, nftCollateralId, collateralRaw, shortRaw] = details;
  const part = (amountRaw: bigint) => (shares === 0n ? 0n : (amountRaw * shares) / total);
  return {
    strategy,
    shortRaw: part(shortRaw),
    collateralRaw: part(collateralRaw),
    nftCollateralId: shares === 0n ? 0n : nftCollateralId,
  };
}

/**
 * What stands behind a vault's short: ether of at least one and a half times the debt at the index, and of half an ether
 * (`contracts/libs/VaultLib.sol`); after a shutdown the debt is fixed and nothing more is asked.
 */
function backing(
  label: string,
  { shortRaw, collateralRaw }: VaultContents,
  market: Market,
): readonly WrittenCollateral[] {
  const { normalizationFactorWad, scaledPriceWad, settlementWad } = market;
  if (shortRaw === 0n || settlementWad !== null) return [];
  const debtRaw = (shortRaw * normalizationFactorWad * scaledPriceWad) / (WAD * WAD);
  const requiredRaw = max((debtRaw * 3n + 1n) / 2n, WAD / 2n);
  return [{ label, asset: 'base', lockedRaw: collateralRaw, requiredRaw }];
}

function vaultPositions(
  label: string,
  { shortRaw, collateralRaw, nftCollateralId }: VaultContents,
  market: Market,
  vault: VaultTerms,
): readonly Position[] {
  if (nftCollateralId !== 0n) {
    throw new UnsupportedCollateralError(label, `Uniswap position ${nftCollateralId}`, vault);
  }
  return [
    ...powerPerp(`${label} short`, -shortRaw, market),
    ...(collateralRaw > 0n ? [lockedSpot(`${label} collateral`, 'base', collateralRaw)] : []),
  ];
}

/** @param sizeRaw oSQTH, negative for short */
function powerPerp(label: string, sizeRaw: bigint, market: Market): readonly Position[] {
  const { normalizationFactorWad, markToIndex, settlementWad } = market;
  if (sizeRaw === 0n) return [];
  if (settlementWad !== null) {
    return heldOrOwed(label, 'base', (sizeRaw * normalizationFactorWad * settlementWad) / (WAD * WAD));
  }
  const position: PowerPerpPosition = {
    kind: 'powerPerp',
    label,
    size: sizeRaw < 0n ? -toWhole(-sizeRaw, WAD_DECIMALS) : toWhole(sizeRaw, WAD_DECIMALS),
    normalizationFactor: toWhole(normalizationFactorWad, WAD_DECIMALS),
    markToIndex,
  };
  return [position];
}
