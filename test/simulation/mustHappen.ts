import { faultClasses } from './swarm.ts';

const transitions = [
  'decided > signed',
  'decided > abandoned',
  'signed > signed',
  'signed > filled',
  'signed > reverted',
  'signed > expired deadline',
  'signed > expired nonceUsed',
  'signed > expired sequenceUsed',
  'signed > replaced',
  'replaced > filled',
  'filled > reorged',
  'filled > final',
  'reverted > reorged',
  'reverted > final',
  'reorged > filled',
  'reorged > reverted',
  'reorged > expired deadline',
  'reorged > expired sequenceUsed',
  'expired deadline > reorged',
  'expired deadline > reverted',
  'expired deadline > final',
  'expired nonceUsed > final',
  'expired sequenceUsed > filled',
  'expired sequenceUsed > final',
];

const crashes = [
  'chain.head',
  'chain.read',
  'chain.receipt',
  'chain.blockAt',
  'chain.confirmedNonce',
  'chain.balanceWei',
  'chain.simulate',
  'relay.submit',
  'signer.sign',
  'store.recordDecision',
  'store.recordOrder',
  'store.appendEvent',
  'store.unsettledOrders',
  'store.recallMany',
].flatMap((port) => [`crash before ${port}`, `crash after ${port}`]);

const decisions = [
  'insideBand',
  'beyondBand',
  'orderOpen',
  'gasWait',
  'foreignTransaction',
  'stopping',
  'notArmed',
  'gasCap',
  'gasMoney',
  'noLiquidity',
  'simulation',
  'oracleStale',
  'oracleDiverges',
  'paused',
  'keeperNotAllowed',
  'chainFault',
  'finalityBroken',
  'journalFault',
  'signerFault',
].map((code) => `decided ${code}`);

const answers = ['accepted', 'refused', 'unknown'].map((status) => `answered ${status}`);

/** So many seeds are enough to reach all of it, whichever they are: the rarest comes about once in five hundred. */
export const enoughHistories = 10_000;

/** What enough seeds have to reach: a simulation that never saw a reorg says nothing about reorgs. */
export const mustHappen: readonly string[] = [
  ...faultClasses.map((name) => `fault ${name}`),
  ...transitions,
  ...crashes,
  ...decisions,
  ...answers,
  'held back breakerOpen',
  'held back rateLimit',
  'filler gap',
  'filler stuck',
  'reorg seen',
  'finality broken',
  'finality broken, nonces freed',
  'ticked twice',
];

/** What was never reached. */
export function neverReached(counts: ReadonlyMap<string, number>): readonly string[] {
  return mustHappen.filter((what) => (counts.get(what) ?? 0) === 0);
}
