import { setTimeout as sleep } from 'node:timers/promises';
import { startAnvil } from '../../../devnet/index.ts';
import { AnvilNode } from '../../../devnet/node/node.ts';
import { type NodeFault, RATE_LIMIT_SECONDS } from '../nodeProxy.ts';
import type { Fault, FaultActs, Scene } from '../scene.ts';

const failures: readonly (readonly [name: string, words: string, how: NodeFault])[] = [
  ['node-hangs', 'never answers', 'hangs'],
  ['node-away', 'closes the connection', 'refuses'],
  ['node-500', 'answers 500', 'serverError'],
  ['node-429', 'answers 429', 'rateLimit'],
  ['node-garbage', 'answers what is no JSON', 'garbage'],
  ['node-truncated', 'answers half of the truth', 'truncated'],
  ['node-nonsense', 'answers what nobody asked for', 'nonsense'],
];

const MOST_LAG_BLOCKS = 3;
const FORK_BLOCKS = 2n;

/** Something that begins at the first or second block, between the block and the keeper's look, and then goes on. */
function fromSome(scene: Scene, begin: () => Promise<void> | void): FaultActs {
  const first = scene.random.index(2);
  return {
    async beforeTick(block) {
      if (block === first) await begin();
    },
    heal: () => scene.node.heal(),
    wasReached: () => scene.node.asked.length > 0,
  };
}

/** A little more than a node that limits asks to be left alone for. */
const LIMITED_MS = RATE_LIMIT_SECONDS * 1_000 + 100;

/** A node that fails in this way, in the middle of a look sometimes. */
export function nodeActs(scene: Scene, how: NodeFault): FaultActs {
  const after = scene.random.uniform() < 0.5 ? 0 : scene.random.index(8);
  let asked = 0;
  return {
    ...fromSome(scene, () => scene.node.breakAfter(after, how)),
    async heal() {
      scene.node.heal();
      // Blocks pass quicker here than seconds do, and a keeper keeps to what it was asked.
      if (how === 'rateLimit') await sleep(LIMITED_MS);
    },
    afterTick() {
      asked = Math.max(asked, scene.node.requests);
    },
    wasReached: () => asked > after,
  };
}

function lagActs(scene: Scene): FaultActs {
  const blocks = 1 + scene.random.index(MOST_LAG_BLOCKS);
  return { ...fromSome(scene, () => scene.node.lagBehind(blocks)), wasReached: () => true };
}

/** A node that is on another fork of the same chain, some blocks long, with none of the keeper's transactions on it. */
function otherForkActs(scene: Scene): FaultActs {
  const { stage, node, atEnd } = scene;
  const divert = async () => {
    const head = await stage.node.head();
    const fork = { url: stage.node.url, blockNumber: head.number - FORK_BLOCKS };
    const { chain } = stage.config;
    const other = await startAnvil({ fork, chainId: chain.id, mining: 'manual' });
    atEnd(() => other.stop());
    const otherNode = new AnvilNode(other.url);
    for (let block = 0n; block <= FORK_BLOCKS; block += 1n) await otherNode.request('evm_mine');
    node.divertTo(other.url);
  };
  return { ...fromSome(scene, divert), wasReached: () => true };
}

/** How a node may fail in a run that draws its faults. */
export const nodeFailures: readonly NodeFault[] = failures.map(([, , how]) => how);

/** Nodes that fail, limit, lag, lie and fork. */
export const nodeFaults: readonly Fault[] = [
  ...failures.map(
    ([name, words, how]): Fault => ({
      name,
      family: 'node',
      words: `node ${words}`,
      blocks: 3,
      begin: (scene) => nodeActs(scene, how),
    }),
  ),
  { name: 'node-lags', family: 'node', words: 'node lags 1 to 3 blocks behind', blocks: 5, begin: lagActs },
  {
    name: 'node-other-fork',
    family: 'node',
    words: 'node is on another fork',
    blocks: 3,
    begin: otherForkActs,
  },
];
