import { describe, expect, it } from 'vitest';
import { forEveryBlock } from '../../../../../src/adapters/relays/internal/perBlock.ts';
import type { RelayAnswer, Submission } from '../../../../../src/ports/relay.ts';

const submission: Submission = {
  rawTransaction: '0x02',
  transactionHash: `0x${'ab'.repeat(32)}`,
  firstBlock: 10n,
  lastBlock: 12n,
};
const accepted: RelayAnswer = { status: 'accepted', detail: 'accepted' };
const unsure: RelayAnswer = { status: 'unknown', detail: 'already known' };
const refused: RelayAnswer = { status: 'refused', detail: 'HTTP 403' };
const away: RelayAnswer = { status: 'unknown', detail: 'the request failed', isRelayFault: true };
const busy: RelayAnswer = { status: 'refused', detail: 'HTTP 429', isRelayFault: true };

/** The three answers, for blocks 10 to 12, as one. */
const together = (...answers: readonly RelayAnswer[]) =>
  forEveryBlock(submission, async (block) => answers[Number(block) - 10] as RelayAnswer);

describe('one bundle for each block, as one answer', () => {
  it('is accepted where one is, and nothing of it is worth another try', async () => {
    expect(await together(away, accepted, busy)).toEqual({
      status: 'accepted',
      detail: 'accepted (1 of 3 bundles, blocks 10 to 12)',
    });
  });

  it('says that the relay was at fault, so that its guard tries again and leaves it alone in the end', async () => {
    expect(await together(away, away, away)).toMatchObject({ status: 'unknown', isRelayFault: true });
    expect(await together(busy, busy, refused)).toMatchObject({ status: 'refused', isRelayFault: true });
    expect(await together(unsure, away, refused)).toMatchObject({ status: 'unknown', isRelayFault: true });
  });

  it('does not where the relay spoke of the bytes', async () => {
    for (const answers of [
      [unsure, unsure, unsure],
      [refused, refused, refused],
      [unsure, busy, refused],
    ]) {
      expect(await together(...answers)).not.toHaveProperty('isRelayFault');
    }
  });

  it('lets the nearest block’s leave before the next one is signed, and waits for no answer', async () => {
    const seen: string[] = [];
    let answer = (_: RelayAnswer) => {};
    const answered = new Promise<RelayAnswer>((resolve) => {
      answer = resolve;
    });
    const asked = forEveryBlock(submission, async (block) => {
      seen.push(`signs ${block}`);
      for (let step = 0; step < 20; step += 1) await null;
      if (seen.push(`sends ${block}`) === 6) answer(accepted);
      return answered;
    });
    expect(await asked).toMatchObject({ status: 'accepted' });
    expect(seen).toEqual(['signs 10', 'sends 10', 'signs 11', 'sends 11', 'signs 12', 'sends 12']);
  });

  it('is refused where there is no block', async () => {
    const over = await forEveryBlock({ ...submission, lastBlock: 9n }, async () => accepted);
    expect(over.status).toBe('refused');
  });
});
