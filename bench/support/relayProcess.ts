/** A dev relay in a process of its own, asked for its blocks by the process that started it: its work is not the keeper's. */
import { startDevRelay } from '../../src/devnet/relay/index.ts';
import type { BlockToBuild, MinedBlock } from '../../src/devnet/relay/types.ts';

/** What the parent asks. */
export type RelayQuestion =
  | { readonly id: number; readonly ask: 'take'; readonly block: BlockToBuild }
  | { readonly id: number; readonly ask: 'book'; readonly block: MinedBlock };

/** What the parent is told: first where the relay listens, then one answer to each question. */
export type RelayMessage =
  | { readonly url: string }
  | { readonly id: number; readonly raws: readonly string[]; readonly error: string | null };

const [rpcUrl] = process.argv.slice(2);
if (rpcUrl === undefined || process.send === undefined)
  throw new Error('started by a bench, with the URL of a node');
const tell = (message: RelayMessage) => process.send?.(message);
const relay = await startDevRelay({ rpcUrl });

async function answer(question: RelayQuestion): Promise<readonly string[]> {
  if (question.ask === 'take') return relay.pool.takeForBlock(question.block);
  await relay.pool.onBlockMined(question.block);
  return [];
}

process.on('message', (question: RelayQuestion) => {
  const { id } = question;
  answer(question).then(
    (raws) => tell({ id, raws, error: null }),
    (thrown) => tell({ id, raws: [], error: String(thrown) }),
  );
});
process.on('disconnect', () => {
  void relay.stop().then(() => process.exit(0));
});
tell({ url: relay.url });
