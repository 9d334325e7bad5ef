import type { Address, Hash, Hex } from '../../core/units.ts';
import { DevnetError } from '../../devnet/errors.ts';
import type { AnvilNode } from '../../devnet/node/node.ts';

const GAS_MONEY_WEI = 10n ** 18n;
/** Plenty for the largest call of a mandate: a module's deployment. */
const CALL_GAS = 12_000_000n;

/** A call made in somebody's name on a forked chain. */
export interface ImpersonatedCall {
  readonly from: Address;
  readonly to: Address;
  readonly data: Hex;
}

/**
 * Executes a call in the name of any account of a local fork, in a block of its own. The account's own balance is put
 * back afterwards, so that gas leaves no trace in what the vault owns.
 *
 * @throws DevnetError when the call reverts
 */
export async function executeAs(node: AnvilNode, { from, to, data }: ImpersonatedCall): Promise<Hash> {
  const balance = await node.request<Hex>('eth_getBalance', [from, 'latest']);
  await node.request('anvil_setBalance', [from, toHex(BigInt(balance) + GAS_MONEY_WEI)]);
  await node.request('anvil_impersonateAccount', [from]);
  try {
    const hash = await node.send({ from, to, data, gas: CALL_GAS });
    await node.request('evm_mine');
    const receipt = await node.receipt(hash);
    if (receipt === null || !receipt.succeeded)
      throw new DevnetError('a call on the fork reverted', { facts: { from, to } });
    return hash;
  } finally {
    await node.request('anvil_stopImpersonatingAccount', [from]);
    await node.request('anvil_setBalance', [from, balance]);
  }
}

/** Gives an account of a local chain native money. */
export async function fund(node: AnvilNode, account: Address, wei: bigint): Promise<void> {
  await node.request('anvil_setBalance', [account, toHex(wei)]);
}

function toHex(value: bigint): Hex {
  return `0x${value.toString(16)}`;
}
