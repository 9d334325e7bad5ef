import { min } from '../../../core/units.ts';
import type { RelayAnswer, Submission } from '../../../ports/relay.ts';

/** One request is made for each target block; a longer range is covered up to this many. */
export const MAX_TARGET_BLOCKS = 30n;

/** What was begun gets as far as the network meanwhile. */
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Asks for every block of a submission's range, without waiting for answers: a bundle is for one block only, and the
 * nearest block's leaves before the next one's is signed. Accepted for one block is accepted; refused only if refused for every block. The relay is at fault where it is for any of the answers that
 * count, so that a relay which is away is tried again and then left alone.
 *
 * @param askFor one request for one block; never throws
 */
export async function forEveryBlock(
  { firstBlock, lastBlock }: Submission,
  askFor: (block: bigint) => Promise<RelayAnswer>,
): Promise<RelayAnswer> {
  const last = min(lastBlock, firstBlock + MAX_TARGET_BLOCKS - 1n);
  const answers: Promise<RelayAnswer>[] = [];
  for (let block = firstBlock; block <= last; block += 1n) {
    answers.push(askFor(block));
    if (block < last) await nextTurn();
  }
  if (answers.length === 0) return { status: 'refused', detail: 'there is no block to target' };
  return together(await Promise.all(answers), firstBlock, last);
}

function together(answers: readonly RelayAnswer[], first: bigint, last: bigint): RelayAnswer {
  const status = (['accepted', 'unknown'] as const).find((wanted) =>
    answers.some((answer) => answer.status === wanted),
  );
  const telling = answers.find((answer) => answer.status === (status ?? 'refused')) as RelayAnswer;
  const alike = answers.filter((answer) => answer.status === telling.status);
  const isRelayFault = telling.status !== 'accepted' && alike.some((answer) => answer.isRelayFault === true);
  return {
    status: telling.status,
    detail: `${telling.detail} (${alike.length} of ${answers.length} bundles, blocks ${first} to ${last})`,
    ...(isRelayFault ? { isRelayFault: true as const } : {}),
  };
}
