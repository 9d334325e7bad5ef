import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type Devnet, type DevnetOptions, startDevnet } from '../../src/devnet/index.ts';

/**
 * One devnet for a test file: started before its first test, taken back to where it was after each, stopped after the
 * last.
 *
 * @param prepare what every test starts from, for example a Safe; done once
 * @returns gives the devnet and what was prepared, inside tests
 */
export function useDevnet<T = undefined>(
  options: DevnetOptions = {},
  prepare?: (devnet: Devnet) => Promise<T>,
): () => { readonly devnet: Devnet; readonly prepared: T } {
  let devnet: Devnet | undefined;
  let prepared: T;
  let revert: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    devnet = await startDevnet(options);
    prepared = (await prepare?.(devnet)) as T;
  });
  beforeEach(async () => {
    revert = await devnet?.snapshot();
  });
  afterEach(async () => {
    await revert?.();
  });
  afterAll(async () => {
    await devnet?.stop();
  });
  return () => {
    if (devnet === undefined) throw new Error('the devnet is there inside tests only');
    return { devnet, prepared };
  };
}
