import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as protocols from '../../src/adapters/protocols/index.ts';
import { nextExpiry } from '../../src/devnet/index.ts';
import type { ChainProtocol, Protocol, StatedProtocol } from '../../src/ports/protocol.ts';
import { useDevnet } from '../support/devnet.ts';
import { describeProtocol } from '../support/protocolSuite.ts';
import { giveStandInPositions } from '../support/standInPositions.ts';
import {
  contextOf,
  giveLoanAndV4Position,
  giveSharesAndOtherDollars,
  readOne,
  vaultOn,
} from '../support/vaultOnDevnet.ts';

const lab = useDevnet({ lending: ['aaveV3'], venues: ['uniswapV4'] }, async (devnet) => {
  const vault = await vaultOn(devnet);
  const { timestampSeconds } = await devnet.node.head();
  const [otoken] = await vault.safe.holdOptions([
    { type: 'call', strike: 3_600, expirySeconds: nextExpiry(timestampSeconds, 14), amount: 1 },
  ]);
  await giveStandInPositions(devnet, vault.safe, otoken!);
  await giveLoanAndV4Position(devnet, vault.safe);
  await giveSharesAndOtherDollars(devnet, vault.safe);
  return vault;
});
/** Run on their real contracts by `npm run test:lyra`, whose packages are no part of the main install. */
const readElsewhere = new Set(['lyra']);
const kinds = Object.entries(protocols as Readonly<Record<string, Protocol>>).filter(
  (entry): entry is [string, ChainProtocol] => 'read' in entry[1],
);

const stated = Object.entries(protocols as Readonly<Record<string, Protocol>>).filter(
  (entry): entry is [string, StatedProtocol] => 'observe' in entry[1],
);

for (const [kind, protocol] of kinds) {
  if (readElsewhere.has(kind)) continue;
  describeProtocol(kind, protocol, () => {
    const { devnet, prepared } = lab();
    const { chain, safe } = prepared;
    const { weth, usdc } = devnet.tokens;
    return {
      account: safe.address,
      head: () => chain.head(),
      read: (account, at, memory) =>
        readOne(chain, protocol.read(protocol.sample, contextOf(devnet, account, at, memory)), at),
      moveOn: async () => {
        await devnet.fund(safe.address, [
          { token: weth, amount: 1 },
          { token: usdc, amount: 1 },
        ]);
        await devnet.mineBlock({ price: 2_800 });
      },
      view: () => ({
        spot: devnet.market.price,
        nowSeconds: Math.floor(Date.now() / 1_000),
        baseDecimals: 18,
        quoteDecimals: 6,
      }),
    };
  });
}

describe.each(stated)('protocol %s, from outside the chain', (_, protocol) => {
  const vault = () => contextOf(lab().devnet, lab().prepared.safe.address, anyBlock).vault;
  const { signal } = new AbortController();

  it('takes its own sample as config, refuses unknown keys, and has a schema for editors', () => {
    expect(protocol.config.parse(protocol.sample)).toEqual(protocol.sample);
    expect(protocol.config.safeParse({ ...(protocol.sample as object), unknownKey: 1 }).success).toBe(false);
    expect(z.toJSONSchema(protocol.config, { io: 'input' })).toMatchObject({ type: 'object' });
  });

  it('is an error where there is no document, never an empty list', async () => {
    const load = async () => {
      throw new Error('nothing there');
    };
    await expect(protocol.observe(protocol.sample, vault(), { load, signal })).rejects.toThrow(
      'nothing there',
    );
  });

  it('is an error where the document makes no sense', async () => {
    for (const text of ['', '{', '<html>', 'positions: 7']) {
      const load = async () => ({ text, modifiedAtSeconds: 1 });
      await expect(protocol.observe(protocol.sample, vault(), { load, signal }), text).rejects.toThrow();
    }
  });
});

const anyBlock = {
  number: 1n,
  hash: `0x${'aa'.repeat(32)}`,
  parentHash: `0x${'bb'.repeat(32)}`,
  timestampSeconds: 1,
  baseFeePerGasWei: 1n,
} as const;
