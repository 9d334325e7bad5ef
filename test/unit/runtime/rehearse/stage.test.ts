import { describe, expect, it } from 'vitest';
import { mainnet } from '../../../../src/devnet/index.ts';
import { parseConfig } from '../../../../src/runtime/config/load.ts';
import { remoteEndpoints } from '../../../../src/runtime/configuredChain.ts';
import { devnetConfigText } from '../../../../src/runtime/demo/config.ts';
import { registry } from '../../../../src/runtime/registry.ts';
import { ownConfig, REHEARSAL_FINALITY_BLOCKS } from '../../../../src/runtime/rehearse/stage.ts';

const account = `0x${'12'.repeat(20)}` as const;
const text = devnetConfigText({
  devnet: { url: 'https://node.example/secret', chainId: 1, addresses: { ...mainnet, hedgeModule: account } },
  account,
  heldOtokens: [],
  relayUrl: 'https://relay.example',
  journalPath: 'mine.sqlite',
  variables: { keeper: 'KEEPER', identity: 'IDENTITY' },
}).replace(
  'submission: { windowBlocks: 3 }',
  'submission: { ladder: [{ relays: [devRelay], blocks: 2 }, { blocks: 3, publicMempool: true }] }',
);

describe('the config that the keeper of a rehearsal is given', () => {
  const config = parseConfig('mine.yaml', text, { environment: () => undefined, registry });
  const own = ownConfig(config, {
    rpcUrl: 'http://127.0.0.1:1',
    relayUrl: 'http://127.0.0.1:2',
    journalPath: '/nowhere/own.sqlite',
    nodeTimeoutSeconds: 1,
    relayTimeoutSeconds: 1,
    relayKind: 'flashbots',
  });

  it('names nothing of the outside world, no configured key and not the configured journal', () => {
    expect(remoteEndpoints(own.chain)).toEqual([]);
    const written = JSON.stringify(own, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    for (const word of ['example', 'KEEPER', '"IDENTITY"', 'mine.sqlite'])
      expect(written).not.toContain(word);
  });

  it('has every rung on the one relay that there is, and never the public mempool', () => {
    expect(own.submission.ladder).toMatchObject([
      { relays: null, blocks: 2, publicMempool: false },
      { relays: null, blocks: 3, publicMempool: false },
    ]);
  });

  it('keeps the vaults, and takes outcomes for final soon, but not sooner than the deepest reorg', () => {
    expect(own.vaults).toMatchObject([{ name: 'eth-strangle', account: { address: account } }]);
    expect(own.submission.finalityBlocks).toBe(REHEARSAL_FINALITY_BLOCKS);
    expect(REHEARSAL_FINALITY_BLOCKS).toBeGreaterThan(5);
  });
});
