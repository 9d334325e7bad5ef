import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as venues from '../../src/adapters/venues/index.ts';
import { assertConsistentPool } from '../../src/core/amm/poolCheck.ts';
import { middlePrice } from '../../src/core/hedge/fairPrice.ts';
import { sameAddress } from '../../src/core/units.ts';
import type { Memory } from '../../src/ports/protocol.ts';
import type { Venue } from '../../src/ports/venue.ts';
import { useDevnet } from '../support/devnet.ts';
import { tradable } from '../support/tradable.ts';
import { contextOf, readOne, vaultOn } from '../support/vaultOnDevnet.ts';

const lab = useDevnet({ venues: ['uniswapV2', 'uniswapV4'] }, vaultOn);
const kinds: readonly (readonly [string, Venue])[] = Object.entries(
  venues as Readonly<Record<string, Venue>>,
);

async function read(venue: Venue, memory?: Memory) {
  const { devnet, prepared } = lab();
  const at = await prepared.chain.head();
  const context = contextOf(devnet, prepared.safe.address, at, memory);
  const found = await readOne(prepared.chain, venue.read(venue.sample, context), at);
  return { ...found, vault: context.vault };
}

const throughJson = (memory: Memory): Memory => JSON.parse(JSON.stringify(memory));

describe.each(kinds)('venue %s', (kind, venue) => {
  it('takes its own sample as config, refuses unknown keys, and has a schema for editors', () => {
    expect(venue.config.parse(venue.sample)).toEqual(venue.sample);
    expect(venue.config.safeParse({ ...(venue.sample as object), unknownKey: 1 }).success).toBe(false);
    expect(z.toJSONSchema(venue.config, { io: 'input' })).toMatchObject({ type: 'object' });
  });

  it('gives a sound pool of the pair, under its own kind, at the price of the market', async () => {
    const { value, vault } = await read(venue);
    const pool = tradable(value.value);
    assertConsistentPool(pool);
    expect(pool.venue).toBe(kind);
    for (const token of [vault.base.address, vault.quote.address]) {
      expect([pool.token0, pool.token1].some((one) => sameAddress(one, token))).toBe(true);
    }
    expect(Math.abs(middlePrice(pool, vault) / lab().devnet.market.price - 1)).toBeLessThan(0.01);
  });

  it('costs one round once it remembers, and finds the same', async () => {
    const first = await read(venue);
    const second = await read(venue, throughJson(first.value.memory));
    expect(second.rounds).toBe(1);
    expect(second.value).toEqual(first.value);
  });

  it.each([[null], ['nonsense'], [{}], [{ ticks: 7 }], [[1, 2]]])(
    'finds the same with the memory %j',
    async (memory) => {
      expect((await read(venue, memory)).value.value).toEqual((await read(venue)).value.value);
    },
  );

  it('follows a fall of half the price and back', async () => {
    let memory: Memory;
    for (const price of [2_500, 1_500, 2_200, 3_000]) {
      await lab().devnet.mineBlock({ price });
      const { value, vault } = await read(venue, memory);
      const pool = tradable(value.value);
      assertConsistentPool(pool);
      expect(Math.abs(middlePrice(pool, vault) / price - 1)).toBeLessThan(0.01);
      memory = throughJson(value.memory);
    }
  });
});
