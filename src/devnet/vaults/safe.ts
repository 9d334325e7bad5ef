import { concatHex, decodeFunctionResult, encodeFunctionData, encodePacked, size } from 'viem';
import { multiSendAbi } from '../../../abis/multiSend.ts';
import { safeAbi } from '../../../abis/safe.ts';
import { safeProxyFactoryAbi } from '../../../abis/safeProxyFactory.ts';
import type { Address, Hex } from '../../core/units.ts';
import { mainnet } from '../addresses.ts';
import type { AnvilNode } from '../node/node.ts';
import { type Call, callOf } from '../node/transactions.ts';

const NOBODY: Address = '0x0000000000000000000000000000000000000000';
const DELEGATE_CALL = 1;

/** The call that makes a Safe 1.4.1 with one owner, through the real proxy factory. */
export function createSafeCall(owner: Address, saltNonce: bigint): Call {
  const setup = encodeFunctionData({
    abi: safeAbi,
    functionName: 'setup',
    args: [[owner], 1n, NOBODY, '0x', mainnet.safeFallbackHandler, NOBODY, 0n, NOBODY],
  });
  return callOf(mainnet.safeProxyFactory, safeProxyFactoryAbi, 'createProxyWithNonce', [
    mainnet.safeSingleton,
    setup,
    saltNonce,
  ]);
}

/** Where a call of {@link createSafeCall} will put the Safe. */
export async function predictSafe(node: AnvilNode, creation: Call): Promise<Address> {
  const data = await node.request<Hex>('eth_call', [{ to: creation.to, data: creation.data }, 'latest']);
  return decodeFunctionResult({ abi: safeProxyFactoryAbi, functionName: 'createProxyWithNonce', data });
}

/**
 * One transaction by which a Safe's only owner makes it run calls in a row, through MultiSendCallOnly. The owner sends
 * it, which the Safe takes as the owner's approval (signature type 1), so nothing has to be signed.
 */
export function safeBatchCall(safe: Address, owner: Address, calls: readonly Call[]): Call {
  const packed = calls.map(({ to, data, valueWei = 0n }) =>
    encodePacked(
      ['uint8', 'address', 'uint256', 'uint256', 'bytes'],
      [0, to, valueWei, BigInt(size(data)), data],
    ),
  );
  const batch = encodeFunctionData({
    abi: multiSendAbi,
    functionName: 'multiSend',
    args: [concatHex(packed)],
  });
  const approval = encodePacked(['uint256', 'uint256', 'uint8'], [BigInt(owner), 0n, 1]);
  const transaction = callOf(safe, safeAbi, 'execTransaction', [
    mainnet.multiSendCallOnly,
    0n,
    batch,
    DELEGATE_CALL,
    0n,
    0n,
    0n,
    NOBODY,
    NOBODY,
    approval,
  ]);
  return { ...transaction, label: `Safe batch (${calls.map(({ label }) => label).join(', ')})` };
}
