import { concatHex } from 'viem';
import type { Address, Hex } from '../../core/units.ts';
import { DevnetError } from '../errors.ts';
import type { AnvilNode } from './node.ts';

/** A contract to put at an address of our choice. */
export interface Placement {
  readonly name: string;
  readonly address: Address;
  readonly creationCode: Hex;
  /** ABI-encoded constructor arguments. */
  readonly constructorArguments?: Hex;
}

const CONSTRUCTOR_GAS = 5_000_000n;

/**
 * Puts contracts where they are wanted, with their constructors run there, so that immutables and storage are right: the
 * creation code is set as the account's code, a call of it answers the runtime code, one transaction to it keeps what the
 * constructor stores, and the runtime code takes its place. Constructors run in no particular order; they must not call
 * each other.
 *
 * @param mine mines the transactions that were sent
 * @throws DevnetError when a constructor fails
 */
export async function placeContracts(
  node: AnvilNode,
  from: Address,
  placements: readonly Placement[],
  mine: () => Promise<unknown>,
): Promise<void> {
  const each = <T>(action: (placement: Placement, index: number) => Promise<T>) =>
    Promise.all(placements.map(action));
  const firstNonce = Number(await node.request<Hex>('eth_getTransactionCount', [from, 'latest']));
  await each(({ address, creationCode, constructorArguments = '0x' }) =>
    node.request('anvil_setCode', [address, concatHex([creationCode, constructorArguments])]),
  );
  const call = (address: Address) => ({ from, to: address, gas: CONSTRUCTOR_GAS });
  const runtimes = await each(({ address }) => node.request<Hex>('eth_call', [call(address), 'latest']));
  const hashes = await each(({ address }, index) =>
    node.send({ ...call(address), nonce: firstNonce + index }),
  );
  await mine();
  await each(async ({ name, address }, index) => {
    const receipt = await node.receipt(hashes[index]!);
    if (!receipt?.succeeded || runtimes[index] === '0x')
      throw new DevnetError(`the constructor of ${name} failed`);
    await node.request('anvil_setCode', [address, runtimes[index]]);
  });
}
