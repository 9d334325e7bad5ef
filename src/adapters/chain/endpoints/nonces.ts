import { ChainUnavailableError } from '../../../core/errors.ts';
import type { BlockFacts } from '../../../core/snapshot.ts';
import type { Address } from '../../../core/units.ts';
import { atBlock } from '../atBlock.ts';
import { priorities } from '../endpoint.ts';
import { integerOf } from '../wire.ts';
import { type AgreementRules, noted } from './agreement.ts';
import { gather, majorityOf, type Settled, tally } from './gather.ts';
import type { Member } from './member.ts';

interface Floor {
  readonly nonce: number;
  readonly block: BlockFacts;
}

/** Asks for an account's confirmed nonce at a block. */
export type ConfirmedNonce = (
  members: readonly Member[],
  account: Address,
  at: BlockFacts,
) => Promise<number>;

/**
 * Confirmed nonces that one endpoint alone can neither lower nor raise: at one block hash all honest endpoints agree, so
 * the majority of those asked decides and whoever differs is dropped. What was confirmed once is a floor under every
 * later block; only a reorg of that block lowers it.
 *
 * @param standing the canonical block at a height
 */
export function confirmedNonces(
  rules: AgreementRules,
  standing: (number: bigint) => Promise<BlockFacts | null>,
): ConfirmedNonce {
  const floors = new Map<Address, Floor>();
  return async (members, account, at) => {
    const nonce = await votedNonce(members, account, at, rules);
    const floor = floors.get(account);
    if (floor && nonce < floor.nonce && at.number >= floor.block.number) {
      const block = await standing(floor.block.number);
      if (block?.hash === floor.block.hash) {
        const found = `nonce ${nonce} at block ${at.number} is below the ${floor.nonce} of block ${floor.block.number}`;
        throw new ChainUnavailableError(found, { action: 'the endpoint lags or lies; nothing was sent' });
      }
    }
    if (!floor || at.number >= floor.block.number) floors.set(account, { nonce, block: at });
    return nonce;
  };
}

async function votedNonce(
  members: readonly Member[],
  account: Address,
  at: BlockFacts,
  rules: AgreementRules,
): Promise<number> {
  const questions = members.map((member) =>
    noted(member, async () =>
      integerOf(
        'nonce',
        await atBlock(member.endpoint, 'eth_getTransactionCount', account, at, priorities.watching),
      ),
    ),
  );
  const need = rules.quorum ?? majorityOf(members.length);
  const isEnough = (some: readonly (Settled<number> | null)[]) =>
    (tally(some, String)[0]?.count ?? 0) >= need;
  const answers = await gather(questions, isEnough, rules.patienceMs);
  const [first] = tally(answers, String);
  if (first === undefined || first.count < need) throw withoutVote(answers, at);
  for (const [index, member] of members.entries()) {
    const answer = answers[index];
    if (answer?.ok && answer.value !== first.value) {
      const facts = { what: 'nonce', block: at.number, found: answer.value, agreed: first.value };
      member.drop('contradicted', facts);
    }
  }
  return first.value;
}

/** The error of the only answer as it is; otherwise that there is no quorum. */
function withoutVote(answers: readonly (Settled<number> | null)[], at: BlockFacts): unknown {
  const failure = answers.find((answer) => answer?.ok === false);
  if (failure?.ok === false && answers.every((answer) => !answer?.ok)) return failure.error;
  return new ChainUnavailableError(`no quorum on the nonce at block ${at.number}`, {
    action: 'nothing is signed without it; see ballast doctor',
  });
}
