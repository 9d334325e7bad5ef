import { privateKeyToAccount } from 'viem/accounts';
import type { Hex } from '../../../core/units.ts';
import type { SubmissionSettings } from '../../../engine/world.ts';
import type { Fault, FaultActs, Scene } from '../scene.ts';

/** Deepest reorg of a rehearsal. */
const MOST_REORG_BLOCKS = 5;
const SPIKE_BLOCKS = 10;
const SPIKE_TIMES = 50n;
const TRANSFER_GAS = 21_000n;
const GWEI = 1_000_000_000n;

/**
 * Takes so many blocks back around an inclusion: before the keeper has seen it or after, at once or as late as the depth
 * allows. What was in them is in no block any more, or comes back in the next one, as the draw says.
 *
 * @param isSeen whether the keeper has to have seen the inclusion; as the draw says unless given
 */
export function reorgActs(scene: Scene, depth: number, isSeen?: true): FaultActs {
  const { random, stage } = scene;
  const patience = random.index(depth);
  const isEarly = random.uniform() < 0.5 && isSeen !== true;
  const comesBack = random.uniform() < 0.5;
  let includedAt: number | null = null;
  let wasReached = false;
  const strike = async (block: number) => {
    if (wasReached) return;
    if (includedAt === null && (await scene.hedges()).length > 0) includedAt = block;
    if (includedAt === null || block - includedAt < patience) return;
    wasReached = true;
    const bytes = comesBack ? await scene.signedBytes() : [];
    await stage.node.request('anvil_reorg', [depth, []]);
    scene.next.rawTransactions.push(...bytes);
  };
  return {
    beforeTick: (block) => (isEarly ? strike(block) : undefined),
    afterTick: (block) => (isEarly ? undefined : strike(block)),
    wasReached: () => wasReached,
  };
}

/** The base fee of ten blocks is fifty times as high. */
function spikeActs(scene: Scene): FaultActs {
  const first = scene.random.index(2);
  return {
    async beforeBlock(block) {
      if (block < first || block >= first + SPIKE_BLOCKS) return;
      scene.next.baseFeeWei = scene.baseFeeWei * SPIKE_TIMES;
    },
  };
}

/** A transaction of the keeper's own key that the journal knows nothing of, with the key's next nonce. */
async function foreignTransaction({ stage, baseFeeWei }: Scene): Promise<Hex> {
  const account = privateKeyToAccount(stage.keeperKey);
  const nonce = await stage.node.request<Hex>('eth_getTransactionCount', [account.address, 'latest']);
  return account.signTransaction({
    type: 'eip1559',
    chainId: stage.config.chain.id,
    nonce: Number(nonce),
    to: account.address,
    value: 1n,
    gas: TRANSFER_GAS,
    maxFeePerGas: 4n * baseFeeWei + 3n * GWEI,
    maxPriorityFeePerGas: 3n * GWEI,
  });
}

function foreignActs(scene: Scene): FaultActs {
  const at = 1 + scene.random.index(2);
  return {
    async beforeBlock(block) {
      if (block === at) scene.next.rawTransactions.push(await foreignTransaction(scene));
    },
  };
}

/** Nobody includes an order until it is too late, and then somebody does: it fails, and its gas is paid. */
export function revertActs(scene: Scene): FaultActs {
  scene.relay.misbehave({ kind: 'drop' });
  const { submission } = scene.stage.config;
  const laterSeconds = submission.blockSeconds * 30;
  let wasForced = false;
  return {
    async beforeBlock() {
      const bytes = wasForced ? [] : await scene.signedBytes();
      if (bytes.length === 0) return;
      wasForced = true;
      scene.next.rawTransactions.push(...bytes);
      scene.next.laterSeconds = laterSeconds;
    },
    heal: () => scene.relay.behave(),
    wasReached: () => wasForced,
  };
}

/** One rung of six blocks, so that nothing but a filler frees a nonce before its deadline. */
export function oneRung({ ladder: _, ...settings }: SubmissionSettings): SubmissionSettings {
  return { ...settings, windowBlocks: 6 };
}

/** The first order is lost, what waits behind it is not: the nonce has to be freed. */
export function stuckActs({ relay }: Scene): FaultActs {
  relay.misbehave({ kind: 'drop' }, { times: 1 });
  return { heal: () => relay.behave() };
}

/** Reorgs, dear blocks, and somebody else with the same key. */
export const chainFaults: readonly Fault[] = [
  ...Array.from({ length: MOST_REORG_BLOCKS }, (_, index): Fault => {
    const depth = index + 1;
    return {
      name: `reorg-${depth}`,
      family: 'reorg',
      words: `reorg of ${depth} block${depth === 1 ? '' : 's'} around an inclusion`,
      blocks: 4 + depth,
      prelude: depth,
      begin: (scene) => reorgActs(scene, depth),
    };
  }),
  {
    name: 'gas-spike',
    family: 'gas',
    words: 'base fee 50 times as high for 10 blocks',
    blocks: SPIKE_BLOCKS + 1,
    begin: spikeActs,
  },
  {
    name: 'order-reverts',
    family: 'gas',
    words: 'order included after its deadline',
    blocks: 4,
    begin: revertActs,
  },
  {
    name: 'nonce-taken',
    family: 'nonce',
    words: "foreign transaction takes the key's nonce",
    blocks: 4,
    begin: foreignActs,
  },
  {
    name: 'nonce-stuck',
    family: 'nonce',
    words: 'order with the lowest nonce is lost',
    blocks: 5,
    submission: oneRung,
    relayKind: 'flashbotsPrivate',
    begin: stuckActs,
  },
];
