import type { Relay, RelayAnswer, Submission } from '../../../src/ports/relay.ts';
import type { OrderCall, SignedContent } from '../../support/orderCall.ts';
import type { Bytes } from './bytes.ts';
import type { PoolEntry } from './ledger.ts';
import type { SimulatedProcess } from './simulatedProcess.ts';
import { simulatedModule } from './vault.ts';

/** What a simulated relay does with one submission, and what it says. */
export interface RelayFate {
  /** Blocks after the first at which its builder has it; null = never. */
  readonly passesAfterBlocks: number | null;
  readonly says: RelayAnswer['status'];
  /** Whether it reaches builders who include what reverts, without end of its window. */
  readonly leaks: boolean;
  /** Blocks after its window in which its builder still includes it. */
  readonly overstaysBlocks: number;
  /** Throws instead of answering, against its own promise. */
  readonly throws: boolean;
}

/** What builders hold for coming blocks. */
export type BuilderPool = PoolEntry[];

function callOf(bytes: Bytes, content: SignedContent): OrderCall | null {
  if (content.to !== simulatedModule) return null;
  const call = bytes.read<Partial<OrderCall>>(content.data);
  return call?.order === undefined ? null : (call as OrderCall);
}

function entryOf(bytes: Bytes, submission: Submission, fate: RelayFate, after: number): PoolEntry {
  const content = bytes.read<SignedContent>(submission.rawTransaction);
  const { transactionHash: hash, firstBlock, lastBlock } = submission;
  return {
    hash,
    content,
    call: callOf(bytes, content),
    firstBlock: firstBlock + BigInt(after),
    lastBlock: fate.leaks ? 10n ** 9n : lastBlock + BigInt(fate.overstaysBlocks),
    reverts: fate.leaks,
  };
}

/**
 * A relay into builders' pools.
 *
 * @param fateOf what it does with the next submission
 * @param onSubmit sees every submission that leaves the process, before anything else happens to it
 */
export function simulatedRelay(
  name: string,
  bytes: Bytes,
  pool: BuilderPool,
  host: SimulatedProcess,
  fateOf: (relay: string, submission: Submission) => RelayFate,
  onSubmit: (relay: string, submission: Submission) => void,
): Relay {
  const taken = (submission: Submission, fate: RelayFate): RelayAnswer => {
    if (fate.passesAfterBlocks !== null) pool.push(entryOf(bytes, submission, fate, fate.passesAfterBlocks));
    if (fate.throws) throw new Error('the relay broke its promise');
    return { status: fate.says, detail: fate.says };
  };
  return {
    name,
    isPrivate: true,
    isLoopback: true,
    submit: (submission) => {
      if (host.alive) onSubmit(name, submission);
      const fate = fateOf(name, submission);
      return host.call<RelayAnswer>({
        port: 'relay.submit',
        effect: () => taken(submission, fate),
        whenLost: () => ({ status: 'unknown', detail: 'no answer in time' }),
        outlives: true,
      });
    },
    cancel: (submission) =>
      host.call<RelayAnswer>({
        port: 'relay.cancel',
        effect: () => {
          const index = pool.findIndex(
            ({ hash, reverts }) => hash === submission.transactionHash && !reverts,
          );
          if (index >= 0 && fateOf(name, submission).passesAfterBlocks === 0) pool.splice(index, 1);
          return { status: 'accepted', detail: 'taken back where it was still here' };
        },
        whenLost: () => ({ status: 'unknown', detail: 'no answer in time' }),
        outlives: true,
      }),
  };
}
