import { stat } from 'node:fs/promises';
import type { Fault, FaultActs, Scene } from '../scene.ts';

const HOUR_SECONDS = 3_600;
const BLOCK_BYTES = 512;
/** So little room that a tick or two fit in at most. */
const MOST_ROOM_BLOCKS = 24;

function clockActs(scene: Scene, offsetAt: (block: number) => number): FaultActs {
  return {
    beforeBlock(block) {
      scene.seat.clockSkewSeconds = offsetAt(block);
    },
    heal() {
      scene.seat.clockSkewSeconds = 0;
    },
  };
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** From the second or third block on, no file of the keeper can grow but for a little. */
function diskActs(scene: Scene): FaultActs {
  const first = 1 + scene.random.index(2);
  const room = scene.random.index(MOST_ROOM_BLOCKS);
  let wasReached = false;
  return {
    async beforeBlock(block) {
      if (block !== first) return;
      await scene.seat.close();
      const sizes = await Promise.all([scene.journalPath, `${scene.journalPath}-wal`].map(sizeOf));
      await scene.seat.limitFiles(Math.ceil(Math.max(...sizes) / BLOCK_BYTES) + room);
    },
    afterTick(block, vaults) {
      const isFull = vaults.length === 0 || vaults.some(({ code }) => code === 'journalFault');
      if (block >= first && isFull) wasReached = true;
    },
    heal: () => scene.seat.limitFiles(null),
    wasReached: () => wasReached,
  };
}

/** Clocks that are wrong and disks that are full. */
export const machineFaults: readonly Fault[] = [
  {
    name: 'clock-ahead',
    family: 'clock',
    words: "keeper's clock an hour ahead",
    blocks: 5,
    begin: (scene) => clockActs(scene, () => HOUR_SECONDS),
  },
  {
    name: 'clock-behind',
    family: 'clock',
    words: "keeper's clock an hour behind",
    blocks: 5,
    begin: (scene) => clockActs(scene, () => -HOUR_SECONDS),
  },
  {
    name: 'clock-jumps',
    family: 'clock',
    words: "keeper's clock jumps by up to an hour",
    blocks: 6,
    begin: (scene) => clockActs(scene, () => (scene.random.uniform() * 2 - 1) * HOUR_SECONDS),
  },
  {
    name: 'disk-full',
    family: 'disk',
    words: 'disk full under the journal',
    blocks: 5,
    begin: diskActs,
  },
];
