import { parseAbi } from 'viem';
import { erc20Abi } from '../../../abis/erc20.ts';
import { positionManagerAbi } from '../../../abis/positionManager.ts';
import { call } from '../../adapters/chain/index.ts';
import { all } from '../../core/read.ts';
import { type Address, sameAddress } from '../../core/units.ts';
import { wrappedNativeToken } from '../config/tokens.ts';
import type { Received } from './received.ts';
import type { Ground, WrittenPart } from './tryParts.ts';

/** Tokens looked at, the newest to be seen: each takes two calls of one round. */
const MOST_TOKENS = 500;
/** Ids that the reader of v4 positions looks through by itself at most. */
const MOST_SCANNED = 5_000n;

const shareViews = parseAbi(['function asset() view returns (address)']);

/** Shares of ERC-4626 vaults of base or quote that the account was sent and still has. */
export async function heldShares(
  { chain, block, terms }: Ground,
  received: Received | null,
): Promise<readonly WrittenPart[]> {
  const { account, base, quote } = terms;
  const isOwn = (token: Address) => [base, quote].some(({ address }) => sameAddress(address, token));
  const tokens = (received?.tokens ?? []).filter((token) => !isOwn(token)).slice(-MOST_TOKENS);
  const outcomes = await chain.read(
    tokens.map((token) =>
      all([call(shareViews, token, 'asset', []), call(erc20Abi, token, 'balanceOf', [account])]),
    ),
    block,
  );
  return tokens.flatMap((vault, index): readonly WrittenPart[] => {
    const outcome = outcomes[index];
    if (outcome?.ok !== true) return [];
    const [asset, shares] = outcome.value;
    return isOwn(asset) && shares > 0n ? [{ kind: 'erc4626', vault }] : [];
  });
}

/** The reader of v4 positions as it is written down, and how many there are by the manager's count. */
export interface HeldNfts {
  readonly part: WrittenPart;
  readonly held: number;
}

/**
 * The Uniswap v4 positions of the account. The manager cannot list them: their numbers are from what the account was sent; what
 * is lacking then is looked for among the newest, and from the next one on what is opened later is found.
 *
 * @param manager Uniswap v4's PositionManager, that of the reader's own config
 * @returns null where there is none to ask
 */
export async function heldV4Positions(
  { chain, block, terms }: Ground,
  manager: Address,
  received: Received | null,
): Promise<HeldNfts | null> {
  const [state] = await chain.read(
    [
      all([
        call(positionManagerAbi, manager, 'balanceOf', [terms.account]),
        call(positionManagerAbi, manager, 'nextTokenId', []),
      ]),
    ],
    block,
  );
  if (state?.ok !== true) return null;
  const [balance, nextId] = state.value;
  const seen = balance === 0n ? [] : [...new Set(received?.nfts.get(manager.toLowerCase()) ?? [])];
  const owners = await chain.read(
    seen.map((id) => call(positionManagerAbi, manager, 'ownerOf', [id])),
    block,
  );
  const ids = seen.filter((_, index) => {
    const owner = owners[index];
    return owner?.ok === true && sameAddress(owner.value, terms.account);
  });
  const unknown = Number(balance) - ids.length;
  const oldest = nextId > MOST_SCANNED ? nextId - MOST_SCANNED : 1n;
  const wrapped = wrappedNativeToken(chain.chainId);
  const native = (['base', 'quote'] as const).find(
    (side) => wrapped !== null && sameAddress(terms[side].address, wrapped.address),
  );
  const part = {
    kind: 'uniswapV4Position',
    ...(ids.length === 0 ? {} : { ids: ids.map(Number) }),
    scanFrom: Number(unknown > 0 ? oldest : nextId),
    ...(native === undefined ? {} : { native }),
  };
  return { part, held: Number(balance) };
}
