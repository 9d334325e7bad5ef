import { parseAbi } from 'viem';
import { erc20Abi } from '../../../abis/erc20.ts';
import { call } from '../../adapters/chain/index.ts';
import { count } from '../../core/report/numbers.ts';
import { type Address, sameAddress } from '../../core/units.ts';
import type { ProtocolReading } from '../../ports/protocol.ts';
import { wrappedNativeToken } from '../config/tokens.ts';
import type { Registry } from '../registry.ts';
import { heldShares, heldV4Positions } from './findHeld.ts';
import type { FoundMandate } from './findVault.ts';
import type { KnownContracts } from './knownContracts.ts';
import type { Received } from './received.ts';
import { type FoundPart, type Ground, type Tried, tryParts, type WrittenPart } from './tryParts.ts';

/** Series of options looked at, the newest: more than Opyn ever had open at once. */
const MOST_SERIES = 500n;

const seriesViews = parseAbi([
  'function getOtokensLength() view returns (uint256)',
  'function otokens(uint256 index) view returns (address)',
]);

/** What the account holds, as far as it shows itself, and what was looked at in vain. */
export interface FoundPositions {
  readonly used: readonly FoundPart[];
  /** Kinds that were looked at and found nothing. */
  readonly empty: readonly string[];
  /** Whether a node told of everything that the account was ever sent: else shares of vaults may be missing. */
  readonly isHistoryKnown: boolean;
  /** How many single positions there are. */
  readonly positions: number;
}

/**
 * Balances, Uniswap liquidity, an Aave account, Opyn options and shares of other vaults of the account, each read by its own
 * plug-in.
 *
 * @param received what the account was ever sent; null where no node tells
 */
export async function findPositions(
  ground: Ground,
  known: KnownContracts | null,
  mandate: FoundMandate | null,
  received: Received | null,
  { protocols }: Registry,
): Promise<FoundPositions> {
  const [otokens, shares, v4] = await Promise.all([
    known?.opyn == null ? [] : heldSeries(ground, known.opyn.otokenFactory),
    heldShares(ground, received),
    known?.hasUniswapV4 === true ? heldV4Positions(ground, v4ManagerOf(protocols), received) : null,
  ]);
  const candidates: readonly WrittenPart[] = [
    await balancesPart(ground),
    ...(known === null
      ? []
      : [{ kind: 'uniswapV3Position', positionManager: known.nonfungiblePositionManager }]),
    ...(v4 === null ? [] : [v4.part]),
    ...(known?.aavePool == null ? [] : [{ kind: 'aaveV3', pool: known.aavePool }]),
    ...shares,
    ...(known?.opyn == null ? [] : [{ kind: 'opyn', controller: known.opyn.controller, otokens }]),
  ];
  const tried = await tryParts<ProtocolReading>(ground, protocols, candidates);
  const readable = tried.filter((one) => 'value' in one);
  const isWanted = ({ part, value }: { part: WrittenPart; value: ProtocolReading }) =>
    value.value.length > 0 ||
    // What is opened later would go unseen without its reader; the mandate says that lending is meant.
    part.kind === 'balances' ||
    part.kind === 'uniswapV3Position' ||
    part.kind === 'uniswapV4Position' ||
    (part.kind === 'aaveV3' && mandate?.lending != null);
  const used = readable.filter(isWanted);
  // What is known to be there and could not be read is written down all the same: leaving it out would be a wrong delta.
  const unread = tried.flatMap((one) =>
    'why' in one && (one.part.kind === 'erc4626' || (one.part === v4?.part && v4.held > 0)) ? [one] : [],
  );
  const isTaken = (part: WrittenPart) => [...used, ...unread].some((one) => one.part === part);
  return {
    used: [
      ...used.map((one) => partOf(one, protocols)),
      ...unread.map(({ part, why }) => ({ part, words: `it could not be read: ${why}`, isGuess: true })),
    ],
    empty: [...new Set(tried.filter(({ part }) => !isTaken(part)).map(({ part }) => part.kind))],
    isHistoryKnown: received !== null && received.fromBlock === 0n,
    positions: used.reduce((sum, { value }) => sum + value.value.length, 0),
  };
}

function partOf(
  { part, value }: Extract<Tried<ProtocolReading>, { value: unknown }>,
  protocols: Registry['protocols'],
): FoundPart {
  const found = value.value.length;
  const words = part.kind === 'balances' ? '' : found === 0 ? 'none now' : `${count(found)} found`;
  const isAbiOnly = protocols[part.kind]?.verified === 'abi-only';
  return { part, words, isGuess: isAbiOnly };
}

/** Uniswap v4's PositionManager, where the reader of its positions expects it. */
function v4ManagerOf({ uniswapV4Position }: Registry['protocols']): Address {
  const { positionManager } = uniswapV4Position!.config.parse({}) as { readonly positionManager: Address };
  return positionManager;
}

/** The chain's own coin counts as base where base is its wrapped form and the account has some. */
async function balancesPart({ chain, block, terms }: Ground): Promise<WrittenPart> {
  const wrapped = wrappedNativeToken(chain.chainId);
  if (wrapped === null || !sameAddress(wrapped.address, terms.base.address)) return { kind: 'balances' };
  const wei = await chain.balanceWei(terms.account, block);
  return wei === 0n ? { kind: 'balances' } : { kind: 'balances', native: 'base' };
}

/** Options that the account holds without having written them: they show in no list but that of all series. */
async function heldSeries({ chain, block, terms }: Ground, factory: Address): Promise<readonly Address[]> {
  const [length] = await chain.read([call(seriesViews, factory, 'getOtokensLength', [])], block);
  if (length?.ok !== true) return [];
  const first = length.value > MOST_SERIES ? length.value - MOST_SERIES : 0n;
  const indexes = Array.from({ length: Number(length.value - first) }, (_, at) => first + BigInt(at));
  const series = await chain.read(
    indexes.map((index) => call(seriesViews, factory, 'otokens', [index])),
    block,
  );
  const addresses = series.flatMap((one) => (one.ok ? [one.value] : []));
  const balances = await chain.read(
    addresses.map((token) => call(erc20Abi, token, 'balanceOf', [terms.account])),
    block,
  );
  return addresses.filter((_, index) => {
    const balance = balances[index];
    return balance?.ok === true && balance.value > 0n;
  });
}
