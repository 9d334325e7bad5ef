import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tickFleet } from '../../../src/engine/tick.ts';
import { parseConfig } from '../../../src/runtime/config/load.ts';
import { openShadow } from '../../../src/runtime/worlds/shadow.ts';
import { useKeeper } from '../../support/keeperOnDevnet.ts';

const get = useKeeper();
const DESK = `kind,asset,amount
spot,base,123.5
`;

describe('a vault with a book of its own', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ballast-book-'));
    path = join(folder, 'desk.csv');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** One look at the vault as `--shadow` takes it, with or without the book. */
  async function look(withBook: boolean) {
    const { configText, tools } = get();
    const book = `- { kind: book, from: "${path}", staleAfterSeconds: 3600 }`;
    // A journal for each look: what one hedges on paper is not the other's.
    const alone = configText.replace(
      /(journal: .*path: )"[^"]*"/,
      `$1"${join(folder, `${withBook}.sqlite`)}"`,
    );
    const text = withBook ? alone.replace(/^( *)(- \{ kind: balances)/m, `$1${book}\n$1$2`) : alone;
    expect([alone === configText, text.includes('kind: book')]).toEqual([false, withBook]);
    const { world, vaults, close } = await openShadow(parseConfig('test.yaml', text, tools), tools);
    try {
      const [result] = await tickFleet(world, vaults);
      return result!;
    } finally {
      await close();
    }
  }
  async function write(text: string, ageSeconds = 0) {
    await writeFile(path, text);
    const { timestampSeconds } = await get().devnet.node.head();
    await utimes(path, timestampSeconds - ageSeconds, timestampSeconds - ageSeconds);
  }

  it('has the net delta of both, and says where the book was from', async () => {
    await write(DESK, 60);
    const [without, with_] = [await look(false), await look(true)];
    const difference = with_.decision.numbers.netDelta! - without.decision.numbers.netDelta!;
    expect(difference).toBeCloseTo(123.5, 9);
    expect(with_.snapshot?.observed.statements).toMatchObject([
      { source: `book ${path}`, staleAfterSeconds: 3_600 },
    ]);
  });

  it.each([
    ['is too old', DESK, 3_700, 'not younger than 3600 s'],
    ['makes no sense', DESK.replace('123.5', 'many'), 0, 'line 2, amount: not a number'],
  ])('is halted while the book %s', async (_, text, ageSeconds, words) => {
    await write(text, ageSeconds);
    const { decision } = await look(true);
    expect(decision).toMatchObject({ kind: 'halt', why: expect.stringContaining(words) });
  });

  it('is halted where there is no book', async () => {
    expect((await look(true)).decision).toMatchObject({
      kind: 'halt',
      why: expect.stringContaining('cannot be read'),
    });
  });
});
