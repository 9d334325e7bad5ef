import { InvalidInputError } from '../../core/errors.ts';
import type { Misbehaviour, MisbehaviourScope, PoolEntry } from './types.ts';

/** JSON-RPC methods that hand over transactions. */
const SUBMISSION_METHODS: readonly string[] = [
  'eth_sendBundle',
  'eth_sendPrivateTransaction',
  'eth_sendPrivateRawTransaction',
  'eth_sendRawTransaction',
  'mev_sendBundle',
  'blxr_submit_bundle',
  'timeboost_sendExpressLaneTransaction',
];

/** Blocks during which a transaction that is included late is tried, after the first of them. */
const LATE_BLOCKS = 25n;

/** What the relay was told to do wrong, in the order in which it was told. */
export interface MisbehaviourQueue {
  /** @throws InvalidInputError when a count of blocks or times is no positive integer */
  add(misbehaviour: Misbehaviour, scope: MisbehaviourScope): void;
  clear(): void;
  /** What applies to a request of this method, used up by being asked for; null: behave. */
  next(method: string): Misbehaviour | null;
}

/** A queue with nothing in it. */
export function createMisbehaviourQueue(): MisbehaviourQueue {
  let rules: { readonly misbehaviour: Misbehaviour; readonly methods: readonly string[]; left: number }[] =
    [];
  return {
    add(misbehaviour, scope) {
      const left = scope.times ?? Number.POSITIVE_INFINITY;
      if (!(left >= 1)) throw new InvalidInputError('times', left, 'at least 1');
      if (
        'blocks' in misbehaviour &&
        !(Number.isSafeInteger(misbehaviour.blocks) && misbehaviour.blocks >= 1)
      ) {
        throw new InvalidInputError('blocks', misbehaviour.blocks, 'a positive integer');
      }
      rules.push({ misbehaviour, methods: scope.methods ?? SUBMISSION_METHODS, left });
    },
    clear() {
      rules = [];
    },
    next(method) {
      const rule = rules.find(({ methods }) => methods.includes(method));
      if (rule === undefined) return null;
      rule.left -= 1;
      if (rule.left < 1) rules = rules.filter((other) => other !== rule);
      return rule.misbehaviour;
    },
  };
}

/** The entry as a misbehaving relay keeps it; null where it keeps nothing. */
export function distort(entry: PoolEntry, misbehaviour: Misbehaviour | null): PoolEntry | null {
  if (misbehaviour === null) return entry;
  if (misbehaviour.kind === 'drop') return null;
  if (misbehaviour.kind === 'delay')
    return { ...entry, firstBlock: entry.firstBlock + BigInt(misbehaviour.blocks) };
  if (misbehaviour.kind === 'includeLate') {
    const firstBlock = entry.lastBlock + BigInt(misbehaviour.blocks);
    return { ...entry, firstBlock, lastBlock: firstBlock + LATE_BLOCKS, maxTimestampSeconds: null };
  }
  return misbehaviour.include === true ? entry : null;
}
