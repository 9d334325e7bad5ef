import { keccak256, Wallet } from 'ethers';
import { afterEach, describe, expect, it } from 'vitest';
import { type AnvilOptions, startAnvil } from '../../../src/devnet/node/anvil.ts';
import { AnvilNode } from '../../../src/devnet/node/node.ts';
import { startDevRelay } from '../../../src/devnet/relay/index.ts';
import { ask } from './ask.ts';
import { fund, sign } from './fixture.ts';

const endings: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function start(mining: NonNullable<AnvilOptions['mining']>) {
  const anvil = await startAnvil({ chainId: 31_337, mining });
  endings.push(anvil.stop);
  const node = new AnvilNode(anvil.url);
  const relay = await startDevRelay({ rpcUrl: anvil.url, buildEverySeconds: 0.2 });
  endings.push(relay.stop);
  const keeper = Wallet.createRandom();
  await fund(node, keeper.address);
  return { node, relay, keeper };
}

async function receiptOf(node: AnvilNode, raw: string) {
  for (let look = 0; look < 100; look += 1) {
    const receipt = await node.receipt(keccak256(raw) as `0x${string}`);
    if (receipt !== null) return receipt;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return null;
}

describe.each([['onTransaction'], ['manual'], [{ everySeconds: 1 }]] as const)(
  'a node that mines %j, with the relay building blocks itself',
  (mining) => {
    it('includes what was entrusted to it, unseen', async () => {
      const { node, relay, keeper } = await start(mining);
      const raw = await sign(keeper);
      const answer = await ask(relay.url, 'eth_sendPrivateTransaction', [{ tx: raw }]);
      expect(answer.result).toBe(keccak256(raw));
      expect(await receiptOf(node, raw)).toMatchObject({ succeeded: true });
      expect(await relay.sightings()).toEqual([]);
    });

    it('mines the public’s transactions, too', async () => {
      const { node, relay, keeper } = await start(mining);
      const raw = await sign(keeper);
      await node.request('eth_sendRawTransaction', [raw]);
      expect(await receiptOf(node, raw)).toMatchObject({ succeeded: true });
      expect(relay.publicMempoolSightings).toBe(0);
    });
  },
);

describe('stopping', () => {
  it('ends the building of blocks, even while a request hangs', async () => {
    const { node, relay } = await start('manual');
    relay.misbehave({ kind: 'hang' }, { methods: ['eth_cancelBundle'] });
    const hanging = ask(relay.url, 'eth_cancelBundle', [
      { replacementUuid: '2c9cf5d0-f13c-4b7a-b51d-f462fdb27b51' },
    ]);
    const failed = expect(hanging).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await relay.stop();
    await failed;
    const before = await node.head();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await node.head()).number).toBe(before.number);
  });
});
