import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as protocols from '../../src/adapters/protocols/index.ts';
import { exposureOf } from '../../src/core/exposure/exposure.ts';
import type { Position } from '../../src/core/position.ts';
import { nextExpiry } from '../../src/devnet/index.ts';
import type { ChainProtocol, Memory, Protocol, StatedProtocol } from '../../src/ports/protocol.ts';
import { useDevnet } from '../support/devnet.ts';
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
const kinds = Object.entries(protocols as Readonly<Record<string, Protocol>>).filter(
  (entry): entry is [string, ChainProtocol] => 'read' in entry[1],
);

const stated = Object.entries(protocols as Readonly<Record<string, Protocol>>).filter(
  (entry): entry is [string, StatedProtocol] => 'observe' in entry[1],
);

/** Reads a protocol with its sample at the newest block. */
async function read(protocol: ChainProtocol, memory?: Memory, account = lab().prepared.safe.address) {
  const { devnet, prepared } = lab();
  const at = await prepared.chain.head();
  const context = contextOf(devnet, account, at, memory);
  return readOne(prepared.chain, protocol.read(protocol.sample, context), at);
}

const throughJson = (memory: Memory): Memory => JSON.parse(JSON.stringify(memory));

describe.each(kinds)('protocol %s', (_, protocol) => {
  it('takes its own sample as config, refuses unknown keys, and has a schema for editors', () => {
    expect(protocol.config.parse(protocol.sample)).toEqual(protocol.sample);
    expect(protocol.config.safeParse({ ...(protocol.sample as object), unknownKey: 1 }).success).toBe(false);
    expect(z.toJSONSchema(protocol.config, { io: 'input' })).toMatchObject({ type: 'object' });
  });

  it('finds the positions of an account that has some, each of which can be valued', async () => {
    const { value } = await read(protocol);
    expect(value.value.length).toBeGreaterThan(0);
    for (const position of value.value) expectSound(position);
  });

  it('finds nothing that moves with the price in an empty account', async () => {
    const { value } = await read(protocol, undefined, '0x00000000000000000000000000000000000E0001');
    for (const position of value.value) expect(position).toMatchObject({ kind: 'spot', amountRaw: 0n });
  });

  it('costs one round once it remembers, and finds the same', async () => {
    const first = await read(protocol);
    const second = await read(protocol, throughJson(first.value.memory));
    expect(second.rounds).toBe(1);
    expect(second.value).toEqual(first.value);
  });

  it.each([[null], ['nonsense'], [{}], [{ series: 7 }], [[1, 2, 3]]])(
    'finds the same with the memory %j',
    async (memory) => {
      expect((await read(protocol, memory)).value.value).toEqual((await read(protocol)).value.value);
    },
  );

  it('sees the block that it is asked about, not the newest', async () => {
    const { devnet, prepared } = lab();
    const { chain, safe } = prepared;
    const at = await chain.head();
    const context = contextOf(devnet, safe.address, at);
    const before = await readOne(chain, protocol.read(protocol.sample, context), at);
    const { weth, usdc } = devnet.tokens;
    await devnet.fund(safe.address, [
      { token: weth, amount: 1 },
      { token: usdc, amount: 1 },
    ]);
    await devnet.mineBlock({ price: 2_800 });
    const again = await readOne(chain, protocol.read(protocol.sample, context), at);
    expect(again.value).toEqual(before.value);
  });
});

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

/** A position that every later step can count with. */
function expectSound(position: Position) {
  expect(position.label).not.toBe('');
  const { devnet } = lab();
  const exposure = exposureOf(position, {
    spot: devnet.market.price,
    volatility: 0.6,
    rate: 0,
    nowSeconds: Math.floor(Date.now() / 1_000),
    baseDecimals: 18,
    quoteDecimals: 6,
  });
  for (const greek of Object.values(exposure)) expect(greek).toSatisfy(Number.isFinite);
  if (position.kind === 'option') expect(Math.sign(exposure.vega)).toBe(Math.sign(position.size));
  if (position.kind === 'liquidity') expect(exposure.valueQuote).toBeGreaterThan(0);
  if (position.kind === 'spot') expect(position.amountRaw).toBeGreaterThanOrEqual(0n);
}
