import type { Hash } from '../../core/units.ts';
import type { AnvilNode } from '../node/node.ts';
import { createBlockWatch } from './blockWatch.ts';
import { BoundedSet } from './boundedSet.ts';
import type { MinedBlock, PublicSighting } from './types.ts';

/** Hashes remembered, both of what was entrusted and of what was seen in public. */
const MEMORY = 50_000;
const MAX_SIGHTINGS = 10_000;
/** A builder that has taken transactions and not mined for this long is showing them to the public. */
const LONGEST_BUILDING_MILLISECONDS = 60_000;

/** Watches whether transactions that were entrusted to the relay show up in public. */
export interface PublicWatch {
  readonly sightings: readonly PublicSighting[];
  readonly failedLooks: number;
  /** Remembers a transaction that was entrusted; one that has been public before counts at once. */
  entrust(hash: Hash): void;
  /** Looks at the node's pool and its new blocks; looks never overlap, and a node that does not answer is counted. */
  look(): Promise<void>;
  /** From now on these may stand in the public pool, until the block is mined or the moment is over. */
  openBuilding(blockNumber: bigint, hashes: readonly Hash[]): void;
  /** Ends the building moment: what was handed out and not mined is taken out of the public pool again. */
  closeBuilding(mined: readonly Hash[]): Promise<void>;
}

interface Building {
  readonly blockNumber: bigint;
  readonly hashes: ReadonlySet<Hash>;
  readonly openedAtMilliseconds: number;
}

/**
 * Watches by a filter for pending transactions, which misses nothing between two looks, by the pool's content, which
 * also has the queued ones, and by new blocks, for what was never pooled.
 *
 * @param onBlock is told of every block that the watch sees
 * @param onIncluded is told of every entrusted transaction in a block that it was handed out for
 */
export function createPublicWatch(
  node: AnvilNode,
  onBlock: (block: MinedBlock) => void,
  onIncluded: (hash: Hash) => void,
): PublicWatch {
  const secret = new BoundedSet<Hash>(MEMORY);
  const seenInPublic = new BoundedSet<Hash>(MEMORY);
  const handedOut = new BoundedSet<string>(MEMORY);
  const blocks = createBlockWatch(node);
  const sighted = new BoundedSet<Hash>(MEMORY);
  const sightings: PublicSighting[] = [];
  let building: Building | null = null;
  let filter: string | null = null;
  let failedLooks = 0;
  let lane: Promise<void> = Promise.resolve();

  const sight = (transactionHash: Hash, seenIn: PublicSighting['seenIn']) => {
    secret.delete(transactionHash);
    if (sighted.has(transactionHash)) return;
    sighted.add(transactionHash);
    if (sightings.length < MAX_SIGHTINGS)
      sightings.push({ transactionHash, seenIn, blockNumber: blocks.height });
  };

  const isBeingBuilt = (hash: Hash) =>
    building?.hashes.has(hash) === true &&
    Date.now() - building.openedAtMilliseconds < LONGEST_BUILDING_MILLISECONDS;

  const lookAtPool = async () => {
    for (const hash of [...(await newPending()), ...pooledHashes(await node.request('txpool_content'))]) {
      if (isBeingBuilt(hash)) continue;
      seenInPublic.add(hash);
      if (secret.has(hash)) sight(hash, 'pool');
    }
  };

  const newPending = async (): Promise<readonly Hash[]> => {
    filter ??= (await node.request('eth_newPendingTransactionFilter')) as string;
    try {
      return (await node.request('eth_getFilterChanges', [filter])) as readonly Hash[];
    } catch (error) {
      filter = null;
      throw error;
    }
  };

  const lookAtBlocks = async () => {
    for (const block of await blocks.look()) {
      for (const hash of block.transactionHashes) {
        if (handedOut.has(place(block.number, hash))) onIncluded(hash);
        else if (secret.has(hash)) sight(hash, 'block');
        secret.delete(hash);
      }
      onBlock(block);
    }
  };

  const withdraw = async (mined: readonly Hash[]) => {
    const leftover = [...(building?.hashes ?? [])].filter((hash) => !mined.includes(hash));
    for (const hash of leftover) await node.request('anvil_dropTransaction', [hash]);
    building = null;
  };

  const inLane = (work: () => Promise<void>): Promise<void> => {
    lane = lane.then(work).catch(() => {
      failedLooks += 1;
    });
    return lane;
  };

  const lookAll = async () => {
    await lookAtPool();
    await lookAtBlocks();
  };

  return {
    sightings,
    get failedLooks() {
      return failedLooks;
    },
    entrust(hash) {
      if (seenInPublic.has(hash)) sight(hash, 'pool');
      else secret.add(hash);
    },
    look: () => inLane(lookAll),
    openBuilding(blockNumber, hashes) {
      building = { blockNumber, hashes: new Set(hashes), openedAtMilliseconds: Date.now() };
      for (const hash of hashes) handedOut.add(place(blockNumber, hash));
    },
    closeBuilding: (mined) =>
      inLane(async () => {
        await lookAll();
        await withdraw(mined);
      }),
  };
}

function place(blockNumber: bigint, hash: Hash): string {
  return `${blockNumber} ${hash}`;
}

/** Hashes of a txpool_content answer, pending and queued. */
function pooledHashes(content: unknown): readonly Hash[] {
  const parts = Object.values(
    content as Record<string, Record<string, Record<string, { readonly hash: Hash }>>>,
  );
  return parts
    .flatMap((bySender) => Object.values(bySender))
    .flatMap((byNonce) => Object.values(byNonce).map(({ hash }) => hash));
}
