import { Wallet } from 'ethers';
import { startAnvil } from '../../../src/devnet/node/anvil.ts';
import { AnvilNode } from '../../../src/devnet/node/node.ts';
import { type DevRelay, type DevRelayOptions, startDevRelay } from '../../../src/devnet/relay/index.ts';

/** A relay over an anvil of its own, with two funded accounts. */
export interface RelayFixture {
  readonly rpcUrl: string;
  readonly node: AnvilNode;
  readonly relay: DevRelay;
  readonly keeper: Wallet;
  /** Reverts with "no" when called. */
  readonly reverter: string;
  /** Takes the node away from under the relay. */
  stopNode(): Promise<void>;
  stop(): Promise<void>;
}

/** `PUSH` of an ABI-encoded Error("no"), then REVERT. */
const REVERTS =
  '0x7f08c379a0000000000000000000000000000000000000000000000000000000005f5260206004527f' +
  '0000000000000000000000000000000000000000000000000000000000000002602452' +
  '7f6e6f00000000000000000000000000000000000000000000000000000000000060445260645ffd';
const REVERTER = '0x00000000000000000000000000000000000000ee';
const BASE_FEE_WEI = 1_000_000_000n;

/** Starts both; the relay waits to be driven unless the options say otherwise. */
export async function startRelayFixture(options: Partial<DevRelayOptions> = {}): Promise<RelayFixture> {
  const anvil = await startAnvil({ chainId: 31_337, baseFeeWei: BASE_FEE_WEI });
  const node = new AnvilNode(anvil.url);
  await node.request('anvil_setCode', [REVERTER, REVERTS]);
  const keeper = Wallet.createRandom() as unknown as Wallet;
  await fund(node, keeper.address);
  const relay = await startDevRelay({ rpcUrl: anvil.url, watchEveryMilliseconds: 50, ...options });
  return {
    rpcUrl: anvil.url,
    node,
    relay,
    keeper,
    reverter: REVERTER,
    stopNode: () => anvil.stop(),
    stop: async () => {
      await relay.stop();
      await anvil.stop();
    },
  };
}

/** Gives an account 100 ETH. */
export async function fund(node: AnvilNode, address: string): Promise<void> {
  await node.request('anvil_setBalance', [address, 100n * 10n ** 18n]);
}

/** What a test may say about a transaction; the rest has sensible values. */
export interface Wish {
  readonly nonce?: number;
  readonly to?: string;
  readonly data?: string;
  readonly valueWei?: bigint;
  readonly gasLimit?: bigint;
  readonly feeCapWei?: bigint;
  readonly tipCapWei?: bigint;
  readonly chainId?: number;
}

/** A signed EIP-1559 transaction as raw bytes. */
export function sign(wallet: Pick<Wallet, 'signTransaction'>, wish: Wish = {}): Promise<string> {
  return wallet.signTransaction({
    type: 2,
    chainId: wish.chainId ?? 31_337,
    nonce: wish.nonce ?? 0,
    to: wish.to ?? '0x000000000000000000000000000000000000dEaD',
    data: wish.data ?? '0x',
    value: wish.valueWei ?? 1n,
    gasLimit: wish.gasLimit ?? 100_000n,
    maxFeePerGas: wish.feeCapWei ?? 10n * BASE_FEE_WEI,
    maxPriorityFeePerGas: wish.tipCapWei ?? BASE_FEE_WEI,
  });
}
