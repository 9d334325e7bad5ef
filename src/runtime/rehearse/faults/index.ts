import type { RandomStream } from '../../../sim/random.ts';
import { FAULT_FAMILIES, type Fault, type FaultActs, type Scene } from '../scene.ts';
import { chainFaults, reorgActs } from './chain.ts';
import { drawnFuse, killFaults } from './kill.ts';
import { machineFaults } from './machine.ts';
import { nodeActs, nodeFailures, nodeFaults } from './node.ts';
import { relayActs, relayFaults, relayMisbehaviours } from './relay.ts';

const MOST_MIXED_REORG = 3;

/** Nothing goes wrong: what the others are held against. */
export const calm: Fault = {
  name: 'calm',
  family: 'calm',
  words: 'nothing goes wrong',
  blocks: 4,
  begin: () => ({ wasReached: () => true }),
};

function oneOf<T>(random: RandomStream, items: readonly T[]): T {
  return items[random.index(items.length)] as T;
}

/** Several at once: each of them as often as not. */
function mixedActs(scene: Scene): FaultActs {
  const { random } = scene;
  const maybe = (acts: () => FaultActs) => (random.uniform() < 0.5 ? [acts()] : []);
  const all = [
    ...maybe(() => relayActs(scene, oneOf(random, relayMisbehaviours))),
    ...maybe(() => nodeActs(scene, oneOf(random, nodeFailures))),
    ...maybe(() => reorgActs(scene, 1 + random.index(MOST_MIXED_REORG))),
  ];
  return {
    async beforeBlock(block) {
      for (const acts of all) await acts.beforeBlock?.(block);
    },
    async beforeTick(block) {
      for (const acts of all) await acts.beforeTick?.(block);
    },
    async afterTick(block, vaults) {
      for (const acts of all) await acts.afterTick?.(block, vaults);
    },
    async heal() {
      for (const acts of all) await acts.heal?.();
    },
  };
}

const mixed: Fault = {
  name: 'mixed',
  family: 'mixed',
  words: 'SIGKILL, relay, node and reorg at once',
  blocks: 7,
  prelude: MOST_MIXED_REORG,
  fuses: (random) => [drawnFuse(random), drawnFuse(random)],
  begin: mixedActs,
};

/** Every fault there is, in the order of the table. */
export const allFaults: readonly Fault[] = [
  ...[calm, ...killFaults, ...relayFaults, ...nodeFaults, ...chainFaults, ...machineFaults, mixed],
].sort((a, b) => FAULT_FAMILIES.indexOf(a.family) - FAULT_FAMILIES.indexOf(b.family));
