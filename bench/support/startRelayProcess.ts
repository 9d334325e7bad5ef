import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Hex } from '../../src/core/units.ts';
import type { PrivatePool } from '../../src/devnet/relay/types.ts';
import type { RelayMessage, RelayQuestion } from './relayProcess.ts';

const START_MS = 30_000;

/** A dev relay beside this process. */
export interface RelayProcess {
  readonly url: string;
  /** For the builder of the devnet. */
  readonly pool: PrivatePool;
  stop(): Promise<void>;
}

/**
 * Starts a dev relay over a local node as a process of its own.
 *
 * @throws Error when it does not start in time
 */
export async function startRelayProcess(rpcUrl: string): Promise<RelayProcess> {
  const program = fileURLToPath(new URL('relayProcess.ts', import.meta.url));
  const child = fork(program, [rpcUrl], { serialization: 'advanced' });
  const waiting = new Map<number, { resolve(raws: readonly Hex[]): void; reject(error: Error): void }>();
  let asked = 0;
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the relay did not start')), START_MS);
    child.once('exit', (code) => reject(new Error(`the relay ended with ${code}`)));
    child.on('message', (message: RelayMessage) => {
      if ('url' in message) {
        clearTimeout(timer);
        return resolve(message.url);
      }
      const found = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error === null) found?.resolve(message.raws as readonly Hex[]);
      else found?.reject(new Error(message.error));
    });
  });
  const ask = (question: (id: number) => RelayQuestion) =>
    new Promise<readonly Hex[]>((resolve, reject) => {
      asked += 1;
      waiting.set(asked, { resolve, reject });
      child.send(question(asked));
    });
  return {
    url,
    pool: {
      takeForBlock: (block) => ask((id) => ({ id, ask: 'take', block })),
      onBlockMined: async (block) => {
        await ask((id) => ({ id, ask: 'book', block }));
      },
    },
    async stop() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
