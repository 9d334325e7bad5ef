import { encodeFunctionData } from 'viem';
import { nonfungiblePositionManagerAbi as abi } from '../../../abis/nonfungiblePositionManager.ts';
import { InvalidInputError } from '../../core/errors.ts';
import { type Address, sameAddress } from '../../core/units.ts';
import { mainnet } from '../addresses.ts';
import { DevnetError } from '../errors.ts';
import type { AnvilNode } from '../node/node.ts';
import { type Call, callOf } from '../node/transactions.ts';
import type { DevnetPool } from './pools.ts';

const { nonfungiblePositionManager: manager } = mainnet;
const FAR_FUTURE = 1n << 64n;
/** Fixed point of the share. */
const SHARE_UNIT = 1_000_000n;

/**
 * The calls by which an account takes a share of its liquidity out of a pool; the tokens stay owed to its positions.
 *
 * @param share above 0, at most 1
 * @throws InvalidInputError when the share is none
 * @throws DevnetError when the account has no position there
 */
export async function withdrawalCalls(
  node: AnvilNode,
  owner: Address,
  pool: DevnetPool,
  share: number,
): Promise<readonly Call[]> {
  if (!(share > 0 && share <= 1)) throw new InvalidInputError('share', share, 'above 0 and at most 1');
  const positions = (await positionsOf(node, owner)).filter(
    ({ token0, token1, fee }) =>
      sameAddress(token0, pool.token0.address) &&
      sameAddress(token1, pool.token1.address) &&
      fee === pool.feePips,
  );
  if (positions.length === 0) throw new DevnetError(`${pool.name} has no liquidity that could be withdrawn`);
  const shareRaw = BigInt(Math.round(share * Number(SHARE_UNIT)));
  const decreases = positions.map(({ id, liquidity }) => {
    const amounts = { amount0Min: 0n, amount1Min: 0n, deadline: FAR_FUTURE };
    const args = [{ tokenId: id, liquidity: (liquidity * shareRaw) / SHARE_UNIT, ...amounts }] as const;
    return encodeFunctionData({ abi, functionName: 'decreaseLiquidity', args });
  });
  return [callOf(manager, abi, 'multicall', [decreases])];
}

async function positionsOf(node: AnvilNode, owner: Address) {
  const count = Number(await node.read(manager, abi, 'balanceOf', [owner]));
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const id = await node.read(manager, abi, 'tokenOfOwnerByIndex', [owner, BigInt(index)]);
      const [, , token0, token1, fee, , , liquidity] = await node.read(manager, abi, 'positions', [id]);
      return { id, token0, token1, fee, liquidity };
    }),
  );
}
