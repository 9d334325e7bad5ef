import type { Misbehaviour } from '../../../devnet/relay/index.ts';
import type { Fault, FaultActs, Scene } from '../scene.ts';

/** Longer than any keeper of a rehearsal waits. */
const HANG_MS = 30_000;

const misbehaviours: readonly (readonly [name: string, words: string, how: Misbehaviour])[] = [
  ['relay-drops', 'says accepted, and nothing happens', { kind: 'drop' }],
  ['relay-delays', 'includes two blocks late', { kind: 'delay', blocks: 2 }],
  ['relay-late', 'includes after the last block allowed', { kind: 'includeLate', blocks: 1 }],
  ['relay-refuses', 'refuses everything', { kind: 'refuse' }],
  ['relay-lies', 'says refused, and it lands', { kind: 'refuse', include: true }],
  ['relay-500', 'answers 500', { kind: 'serverError' }],
  ['relay-500-lands', 'answers 500, and it lands', { kind: 'serverError', include: true }],
  ['relay-hangs', 'never answers', { kind: 'hang', milliseconds: HANG_MS }],
  [
    'relay-hangs-lands',
    'never answers, and it lands',
    { kind: 'hang', milliseconds: HANG_MS, include: true },
  ],
  ['relay-garbage', 'answers half a JSON text', { kind: 'garbage' }],
  ['relay-hangs-up', 'closes the connection', { kind: 'disconnect' }],
];

/** A relay that does this from the first block on. */
export function relayActs({ relay }: Scene, how: Misbehaviour): FaultActs {
  relay.misbehave(how);
  const { requests } = relay.status();
  return { heal: () => relay.behave(), wasReached: () => relay.status().requests > requests };
}

/** What a relay may do in a run that draws its faults. */
export const relayMisbehaviours: readonly Misbehaviour[] = misbehaviours.map(([, , how]) => how);

/** Relays that drop, delay, lie, fail and hang. */
export const relayFaults: readonly Fault[] = misbehaviours.map(([name, words, how]) => ({
  name,
  family: 'relay',
  words: `relay ${words}`,
  blocks: 6,
  begin: (scene) => relayActs(scene, how),
}));
