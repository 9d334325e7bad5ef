import type { RandomStream } from '../../../sim/random.ts';
import { type Fuse, JOURNAL_WRITES, type JournalWrite } from '../journalWrites.ts';
import type { Fault, FaultActs, Scene } from '../scene.ts';
import { oneRung, reorgActs, revertActs, stuckActs } from './chain.ts';
import { relayActs } from './relay.ts';

const clear = (): FaultActs => ({});
const dropping = (scene: Scene) => relayActs(scene, { kind: 'drop' });

/** What has to go on so that a write is made at all; nothing where it is made whenever there is a hedge. */
const circumstances: Readonly<Partial<Record<JournalWrite, (scene: Scene) => FaultActs>>> = {
  signedAgain: dropping,
  expired: dropping,
  reverted: revertActs,
  reorged: (scene) => reorgActs(scene, 1, true),
  replaced: stuckActs,
  filler: stuckActs,
  fillerAnswered: stuckActs,
  fillerClosed: stuckActs,
};

/** Writes that need a nonce to be stuck. */
const ofStuckNonces: readonly JournalWrite[] = ['replaced', 'filler', 'fillerAnswered', 'fillerClosed'];

/** Writes of which there is one for each vault at least, whatever the market does. */
const ofEveryVault: readonly JournalWrite[] = ['decision', 'order', 'signed', 'answered', 'filled'];

/** Writes that come only once outcomes are final. */
const late: readonly JournalWrite[] = ['final', 'fillerClosed'];

/** Where a keeper dies in a run that draws its faults. */
export function drawnFuse(random: RandomStream): Fuse {
  const write = ofEveryVault[random.index(ofEveryVault.length)] ?? 'signed';
  return { write, when: random.uniform() < 0.5 ? 'before' : 'after', nth: 1 };
}

function fusesOf(write: JournalWrite, when: Fuse['when'], random: RandomStream, vaults: number): Fuse[] {
  const most = ofEveryVault.includes(write) ? vaults : 1;
  const fuse: Fuse = { write, when, nth: 1 + random.index(most) };
  // An order is abandoned by the keeper that finds it unsigned: another one died before.
  return write === 'abandoned' ? [{ write: 'order', when: 'after', nth: 1 }, fuse] : [fuse];
}

function killed(write: JournalWrite, when: Fuse['when']): Fault {
  return {
    name: `kill-${when}-${write}`,
    family: 'kill',
    words: `SIGKILL ${when} "${write}" is written`,
    blocks: 6,
    prelude: 1,
    untilFinal: late.includes(write),
    ...(ofStuckNonces.includes(write) ? { submission: oneRung, relayKind: 'flashbotsPrivate' as const } : {}),
    fuses: (random, vaults) => fusesOf(write, when, random, vaults),
    begin: (scene) => {
      const acts = (circumstances[write] ?? clear)(scene);
      const deaths = write === 'abandoned' ? 2 : 1;
      return { ...acts, wasReached: () => scene.seat.deaths >= deaths };
    },
  };
}

/** The keeper killed at every write of its journal, before it and after it. */
export const killFaults: readonly Fault[] = JOURNAL_WRITES.flatMap((write) => [
  killed(write, 'before'),
  killed(write, 'after'),
]);
