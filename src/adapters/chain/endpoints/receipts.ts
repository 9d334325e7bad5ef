import { ChainUnavailableError, CorruptDataError } from '../../../core/errors.ts';
import type { BlockFacts } from '../../../core/snapshot.ts';
import type { Hash } from '../../../core/units.ts';
import type { Receipt } from '../../../ports/chain.ts';
import { priorities } from '../endpoint.ts';
import { RpcError } from '../errors.ts';
import { fieldsOf, listOf, receiptOf } from '../wire.ts';
import { type AgreementRules, noted } from './agreement.ts';
import { gather, majorityOf, type Settled, tally } from './gather.ts';
import type { Member } from './member.ts';

/**
 * A transaction's receipt where the members' majority gives the same one and its block is canonical; null where that is
 * not so yet. No receipt means nothing is known, not that the transaction is dead; a receipt that one alone gives counts
 * as none, and whoever gives one that its own block contradicts is dropped.
 *
 * @param standing the canonical block at a height
 * @param within a block that is looked through by members that have no receipt under the hash
 * @throws ChainUnavailableError when endpoints contradict each other without a majority, or too few answer
 */
export async function agreedReceipt(
  members: readonly Member[],
  hash: Hash,
  rules: AgreementRules,
  standing: (number: bigint) => Promise<BlockFacts | null>,
  within?: BlockFacts,
): Promise<Receipt | null> {
  const need = rules.quorum ?? majorityOf(members.length);
  const questions = members.map((member) => noted(member, () => receiptFrom(member, hash, within)));
  const isEnough = (some: readonly (Settled<Receipt | null> | null)[]) => {
    const [first] = tally(some, keyOf);
    return first !== undefined && first.value !== null && first.count >= need;
  };
  const answers = await gather(questions, isEnough, rules.patienceMs);
  const votes = tally(answers, keyOf);
  const agreed = votes.find(({ count }) => count >= need);
  if (agreed?.value) {
    const block = await standing(agreed.value.blockNumber);
    if (block?.hash !== agreed.value.blockHash) return null;
    dropOthers(members, answers, agreed.value);
    return agreed.value;
  }
  const claims = members.flatMap((member, index) => {
    const answer = answers[index];
    return answer?.ok && answer.value ? [{ member, receipt: answer.value }] : [];
  });
  await Promise.all(claims.map((claim) => examine(claim, members, standing)));
  if (agreed) return null;
  const failure = answers.find((answer) => answer?.ok === false);
  if (failure?.ok === false) throw failure.error;
  if (votes.filter(({ value }) => value !== null).length > 1)
    throw new ChainUnavailableError(`the endpoints give different receipts of ${hash}`);
  if (answers.includes(null)) throw new ChainUnavailableError(`no second source for the receipt of ${hash}`);
  return null;
}

async function receiptFrom(
  member: Member,
  hash: Hash,
  within: BlockFacts | undefined,
): Promise<Receipt | null> {
  const options = { priority: priorities.watching };
  const found = receiptOf(await member.endpoint.request('eth_getTransactionReceipt', [hash], options));
  if (found && found.transactionHash.toLowerCase() !== hash.toLowerCase())
    throw new CorruptDataError('receipt.transactionHash', found.transactionHash, hash);
  return found ?? (within === undefined ? null : receiptIn(member, hash, within));
}

/** A receipt out of a whole block's, which takes no index; null where the member does not know the block or the question. */
async function receiptIn(member: Member, hash: Hash, within: BlockFacts): Promise<Receipt | null> {
  try {
    const all = await member.endpoint.request('eth_getBlockReceipts', [within.hash]);
    if (all === null) return null;
    const receipts = listOf('block receipts', all).map(receiptOf);
    return receipts.find((one) => one?.transactionHash.toLowerCase() === hash.toLowerCase()) ?? null;
  } catch (error) {
    if (error instanceof RpcError) return null;
    throw error;
  }
}

/** What two receipts have to share to be the same. */
function keyOf(receipt: Receipt | null): string {
  if (receipt === null) return 'none';
  const text = (_: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value);
  return JSON.stringify(receipt, text).toLowerCase();
}

/** Whoever has another receipt for the same block than the others is wrong about it. */
function dropOthers(
  members: readonly Member[],
  answers: readonly (Settled<Receipt | null> | null)[],
  agreed: Receipt,
): void {
  for (const [index, member] of members.entries()) {
    const answer = answers[index];
    if (!answer?.ok || answer.value === null || keyOf(answer.value) === keyOf(agreed)) continue;
    contradict(member, answer.value);
  }
}

interface Claim {
  readonly member: Member;
  readonly receipt: Receipt;
}

/** A receipt of a block that the others have, and that holds no such transaction with them, is forged. */
async function examine(
  { member, receipt }: Claim,
  members: readonly Member[],
  standing: (number: bigint) => Promise<BlockFacts | null>,
): Promise<void> {
  const block = await standing(receipt.blockNumber).catch(() => undefined);
  if (!block) return;
  if (block.hash !== receipt.blockHash) return;
  const others = members.filter((other) => other !== member);
  const lists = await Promise.all(others.map((other) => transactionsOf(other, receipt.blockHash)));
  const known = lists.filter((list) => list !== null);
  if (known.length > 0 && known.every((list) => !list.has(receipt.transactionHash.toLowerCase())))
    contradict(member, receipt);
}

function contradict(member: Member, { transactionHash, blockNumber }: Receipt): void {
  member.drop('contradicted', { what: 'receipt', transaction: transactionHash, block: blockNumber });
}

/** The transactions of a block as a member has it, null where it does not say. */
async function transactionsOf(member: Member, blockHash: Hash): Promise<ReadonlySet<string> | null> {
  try {
    const found = await noted(member, () =>
      member.endpoint.request('eth_getBlockByHash', [blockHash, false]),
    );
    const { transactions } = fieldsOf('block', found);
    return new Set(listOf('block.transactions', transactions).map((hash) => String(hash).toLowerCase()));
  } catch {
    return null;
  }
}
