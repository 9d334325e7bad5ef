import { type RandomStream, randomStream } from '../../src/sim/random.ts';

/** Everything that can go wrong, by name; the numbers are those of the project's list of faults. */
export const faultClasses = [
  // the process: 3, 4, 5, 66, 67
  'crash',
  'pause',
  'slowCalls',
  // the store: 1, 2, 7
  'storeFails',
  'diskFull',
  // the clock: 11, 12, 13
  'clockJumps',
  'missedSlots',
  // the node: 14, 16, 19, 20, 22, 23, 28, 29
  'nodeTimeouts',
  'nodeOutage',
  'nodeLags',
  'nodeForks',
  'nonceLags',
  'receiptsLate',
  'receiptsStale',
  'receiptsForged',
  'nodePrunes',
  'nodeUnindexed',
  'finalityStalls',
  'simulationLies',
  // head and mempool: 24, 25, 26, 27, 33, 35
  'reorgs',
  'deepReorgs',
  'blockDuringTick',
  'foreignTransactions',
  'eviction',
  'censorship',
  // relays: 37 to 44
  'relayDrops',
  'relayRefuses',
  'relayLiesAccepted',
  'relayLiesRefused',
  'relayHangs',
  'relayDelays',
  'relayOverstays',
  'relayLeaks',
  'relayThrows',
  // gas: 45, 46, 48
  'baseFeeSpikes',
  'gasMoneyGone',
  'absurdTips',
  // market and account: 49, 50, 53, 54, 57, 59
  'oracleStale',
  'oracleOff',
  'thinPool',
  'priceJumps',
  'modulePaused',
  'keeperRevoked',
  'ownerMoves',
  // operator: 64; signer
  'killSwitch',
  'disarm',
  'signerFails',
] as const;

/** A kind of fault. */
export type FaultClass = (typeof faultClasses)[number];

/** How often each fault strikes where it could, from 0 (never in this history) to 0.3. */
export type Rates = Readonly<Record<FaultClass, number>>;

/** Without any fault: what healing is. */
export const noFaults: Rates = Object.fromEntries(faultClasses.map((name) => [name, 0])) as Rates;

/** Rate of a fault that is there, log-uniform. */
const leastRate = 0.002;
const mostRate = 0.3;

/**
 * A swarm: every class of faults is left out with probability one half, the others get a rate each (A. Groce and others,
 * "Swarm testing", 2012). One history in sixteen has no fault at all, and one in eight a single class.
 */
export function swarmOf(seed: number): Rates {
  const random = randomStream(seed, 'swarm');
  const kind = random.uniform();
  const only =
    kind < 1 / 16 ? null : kind < 3 / 16 ? faultClasses[random.index(faultClasses.length)] : undefined;
  const rates = faultClasses.map((name) => {
    const isOn = only === undefined ? random.uniform() < 0.5 : name === only;
    return [name, isOn ? logUniform(random) : 0] as const;
  });
  return Object.fromEntries(rates) as Rates;
}

function logUniform(random: RandomStream): number {
  return leastRate * (mostRate / leastRate) ** random.uniform();
}
