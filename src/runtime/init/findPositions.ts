import { parseAbi } from 'viem';
import { erc20Abi } from '../../../abis/erc20.ts';
import { call } from '../../adapters/chain/index.ts';
import { count } from '../../core/report/numbers.ts';
import { type Address, sameAddress } from '../../core/units.ts';
import type { ProtocolReading } from '../../ports/protocol.ts';
import { wrappedNativeToken } from '../config/tokens.ts';
import type { Registry } from '../registry.ts';
import type { FoundMandate } from './findVault.ts';
import type { KnownContracts } from './knownContracts.ts';
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
  /** How many single positions there are. */
  readonly positions: number;
}

/** Balances, Uniswap liquidity, an Aave account and Opyn options of the account, each read by its own plug-in. */
export async function findPositions(
  ground: Ground,
  known: KnownContracts | null,
  mandate: FoundMandate | null,
  { protocols }: Registry,
): Promise<FoundPositions> {
  const otokens = known?.opyn == null ? [] : await heldSeries(ground, known.opyn.otokenFactory);
  const candidates: readonly WrittenPart[] = [
    await balancesPart(ground),
    ...(known === null
      ? []
      : [{ kind: 'uniswapV3Position', positionManager: known.nonfungiblePositionManager }]),
    ...(known?.aavePool == null ? [] : [{ kind: 'aaveV3', pool: known.aavePool }]),
    ...(known?.opyn == null ? [] : [{ kind: 'opyn', controller: known.opyn.controller, otokens }]),
  ];
  const tried = await tryParts<ProtocolReading>(ground, protocols, candidates);
  const readable = tried.filter((one) => 'value' in one);
  const isWanted = ({ part, value }: { part: WrittenPart; value: ProtocolReading }) =>
    value.value.length > 0 ||
    // What is opened later would go unseen without its reader; the mandate says that lending is meant.
    part.kind === 'balances' ||
    part.kind === 'uniswapV3Position' ||
    (part.kind === 'aaveV3' && mandate?.lending != null);
  const used = readable.filter(isWanted);
  return {
    used: used.map((one) => partOf(one, protocols)),
    empty: tried.filter((one) => !used.some(({ part }) => part === one.part)).map(({ part }) => part.kind),
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
