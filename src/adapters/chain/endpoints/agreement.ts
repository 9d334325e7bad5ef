import { ChainUnavailableError, messageOf } from '../../../core/errors.ts';
import type { BlockFacts } from '../../../core/snapshot.ts';
import type { Hash } from '../../../core/units.ts';
import { isEndpointFault, priorities } from '../endpoint.ts';
import { blockOf } from '../wire.ts';
import { gather, majorityOf, type Settled, tally } from './gather.ts';
import type { Member } from './member.ts';

/** How agreement is reached. */
export interface AgreementRules {
  /** Endpoints that must know a block by its hash; the majority of those that answer where null. */
  readonly quorum: number | null;
  /** Longest wait for the slower ones, milliseconds. */
  readonly patienceMs: number;
}

/** Asks one member for a block; what it answers is noted in its health. */
export async function blockFrom(member: Member, tag: string): Promise<BlockFacts | null> {
  const params = [tag, false];
  return noted(member, async () => {
    const options = { priority: priorities.watching };
    const block = blockOf(await member.endpoint.request('eth_getBlockByNumber', params, options));
    if (block) member.knows(block.hash);
    return block;
  });
}

/** Runs one question to a member, counting its failures. */
export async function noted<T>(member: Member, ask: () => Promise<T>): Promise<T> {
  try {
    const value = await ask();
    member.answered();
    return value;
  } catch (error) {
    if (isEndpointFault(error)) member.failed(messageOf(error));
    throw error;
  }
}

/**
 * The highest block under a tag (`latest`, `finalized`) that a quorum of the members knows by hash: one that is ahead
 * counts for a block below when its own chain holds it. A member with another block at that height is on another fork
 * and dropped; one that is behind is noted.
 *
 * @throws ChainUnavailableError when too few answer, or they are on forks without a majority
 */
export async function agreedBlock(
  members: readonly Member[],
  tag: 'latest' | 'finalized',
  rules: AgreementRules,
): Promise<BlockFacts | null> {
  const questions = members.map((member) => blockFrom(member, tag));
  const sure = rules.quorum ?? majorityOf(members.length);
  const answers = await gather(questions, (some) => isSure(some, sure), rules.patienceMs);
  const heard = members.flatMap((member, index) => {
    const answer = answers[index];
    return answer?.ok && answer.value ? [{ member, block: answer.value }] : [];
  });
  if (heard.length === 0) return noAnswer(answers);
  const need = rules.quorum ?? majorityOf(heard.length);
  const agreed = await highestKnown(heard, need);
  if (agreed === null) throw disagreement(heard, need);
  if (tag === 'latest') {
    for (const { member, block } of heard) member.sees(block);
    for (const [index, question] of questions.entries()) compareOnceHere(members[index]!, question, agreed);
  }
  return agreed;
}

interface Heard {
  readonly member: Member;
  readonly block: BlockFacts;
}

function isSure(answers: readonly (Settled<BlockFacts | null> | null)[], need: number): boolean {
  const [first] = tally(answers, (block) => block?.hash ?? 'none');
  return first !== undefined && first.value !== null && first.count >= need;
}

/** Null where the answers were that there is no such block. */
function noAnswer(answers: readonly (Settled<unknown> | null)[]): null {
  const failure = answers.find((answer) => answer?.ok === false);
  if (failure?.ok === false) throw failure.error;
  if (answers.every((answer) => answer === null)) throw new ChainUnavailableError('no endpoint in time');
  return null;
}

/** The highest of the reported blocks that enough members know; those that are ahead are asked for theirs there. */
async function highestKnown(heard: readonly Heard[], need: number): Promise<BlockFacts | null> {
  const candidates = new Map(heard.map(({ block }) => [block.hash, block]));
  const byHeight = [...candidates.values()].sort((a, b) => (a.number < b.number ? 1 : -1));
  for (const candidate of byHeight) {
    const hashes = await Promise.all(heard.map((one) => hashAt(one, candidate)));
    if (hashes.filter((hash) => hash === candidate.hash).length >= need) {
      expelForks(heard, hashes, candidate);
      return candidate;
    }
  }
  return null;
}

/** The hash of a member's block at the candidate's height, null where it has none or does not say. */
async function hashAt({ member, block }: Heard, candidate: BlockFacts): Promise<Hash | null> {
  if (block.number < candidate.number) return null;
  if (block.number === candidate.number) return block.hash;
  const own = await blockFrom(member, `0x${candidate.number.toString(16)}`).catch(() => null);
  return own?.hash ?? null;
}

function expelForks(heard: readonly Heard[], hashes: readonly (Hash | null)[], agreed: BlockFacts): void {
  for (const [index, { member }] of heard.entries()) {
    const own = hashes[index];
    if (own && own !== agreed.hash) expel(member, own, agreed);
  }
}

function expel(member: Member, own: Hash, agreed: BlockFacts): void {
  member.drop('otherFork', { block: agreed.number, hash: own, agreed: agreed.hash });
}

/** Slower members are judged when their answers come. */
function compareOnceHere(member: Member, question: Promise<BlockFacts | null>, agreed: BlockFacts): void {
  const compare = (own: BlockFacts | null) => {
    if (own === null || !member.isHealthy) return;
    if (own.number === agreed.number && own.hash !== agreed.hash) expel(member, own.hash, agreed);
    else member.compareHead(own, agreed);
  };
  // What failed was counted where it was asked.
  question.then(compare, () => undefined);
}

function disagreement(heard: readonly Heard[], need: number): ChainUnavailableError {
  const seen = heard.map(({ member, block }) => `${member.name} ${block.number} ${block.hash.slice(0, 10)}…`);
  return new ChainUnavailableError(
    `${heard.length === 1 ? 'one endpoint answers' : 'no block that the endpoints agree on'}, ${need} needed (${seen.join(', ')})`,
    { action: 'nothing is sent while endpoints disagree; see ballast doctor' },
  );
}

/**
 * The canonical block at a height by the members' majority, null where that is that there is none yet.
 *
 * @throws ChainUnavailableError when they name different blocks and none has the quorum
 */
export async function agreedAt(
  members: readonly Member[],
  number: bigint,
  rules: AgreementRules,
): Promise<BlockFacts | null> {
  const questions = members.map((member) => blockFrom(member, `0x${number.toString(16)}`));
  const keyOf = (block: BlockFacts | null) => block?.hash ?? 'none';
  const sure = rules.quorum ?? majorityOf(members.length);
  const isEnough = (some: readonly (Settled<BlockFacts | null> | null)[]) =>
    (tally(some, keyOf)[0]?.count ?? 0) >= sure;
  const answers = await gather(questions, isEnough, rules.patienceMs);
  const votes = tally(answers, keyOf);
  if (votes.length === 0) return noAnswer(answers);
  const need = rules.quorum ?? majorityOf(votes.reduce((sum, { count }) => sum + count, 0));
  const agreed = votes.find(({ count }) => count >= need);
  if (agreed) return agreed.value;
  if (votes.filter(({ value }) => value !== null).length < 2) return null;
  throw new ChainUnavailableError(`the endpoints are on different forks at block ${number}`, {
    action: 'nothing is sent while endpoints disagree; see ballast doctor',
  });
}
