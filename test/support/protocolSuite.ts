import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { exposureOf } from '../../src/core/exposure/exposure.ts';
import type { MarketView, Position } from '../../src/core/position.ts';
import type { BlockFacts } from '../../src/core/snapshot.ts';
import type { Address } from '../../src/core/units.ts';
import type { ChainProtocol, Memory, ProtocolReading } from '../../src/ports/protocol.ts';

/** A chain on which an account holds something of a protocol. */
export interface ProtocolStage {
  readonly account: Address;
  head(): Promise<BlockFacts>;
  /** Reads the protocol for an account at a block. */
  read(
    account: Address,
    at: BlockFacts,
    memory: Memory,
  ): Promise<{ readonly value: ProtocolReading; readonly rounds: number }>;
  /** Changes what the account holds and where the market stands, in later blocks. */
  moveOn(): Promise<void>;
  /** Where every position can be valued. */
  view(): Pick<MarketView, 'spot' | 'nowSeconds' | 'baseDecimals' | 'quoteDecimals'>;
}

const throughJson = (memory: Memory): Memory => JSON.parse(JSON.stringify(memory));

/** What every protocol that reads from the chain must do, as tests. */
export function describeProtocol(kind: string, protocol: ChainProtocol, stage: () => ProtocolStage): void {
  const read = async (memory?: Memory, account = stage().account) =>
    stage().read(account, await stage().head(), memory);

  describe(`protocol ${kind}`, () => {
    it('takes its own sample as config, refuses unknown keys, and has a schema for editors', () => {
      expect(protocol.config.parse(protocol.sample)).toEqual(protocol.sample);
      expect(protocol.config.safeParse({ ...(protocol.sample as object), unknownKey: 1 }).success).toBe(
        false,
      );
      expect(z.toJSONSchema(protocol.config, { io: 'input' })).toMatchObject({ type: 'object' });
    });

    it('finds the positions of an account that has some, each of which can be valued', async () => {
      const { value } = await read();
      expect(value.value.length).toBeGreaterThan(0);
      for (const position of value.value) expectSound(position, stage());
    });

    it('finds nothing that moves with the price in an empty account', async () => {
      const { value } = await read(undefined, '0x00000000000000000000000000000000000E0001');
      for (const position of value.value) expect(position).toMatchObject({ kind: 'spot', amountRaw: 0n });
    });

    it('costs one round once it remembers, and finds the same', async () => {
      const first = await read();
      const second = await read(throughJson(first.value.memory));
      expect(second.rounds).toBe(1);
      expect(second.value).toEqual(first.value);
    });

    it.each([[null], ['nonsense'], [{}], [{ series: 7 }], [[1, 2, 3]]])(
      'finds the same with the memory %j',
      async (memory) => {
        expect((await read(memory)).value.value).toEqual((await read()).value.value);
      },
    );

    it('sees the block that it is asked about, not the newest', async () => {
      const { account, head } = stage();
      const at = await head();
      const before = await stage().read(account, at, undefined);
      await stage().moveOn();
      const again = await stage().read(account, at, undefined);
      expect(again.value).toEqual(before.value);
    });
  });
}

/** A position that every later step can count with. */
function expectSound(position: Position, { view }: ProtocolStage) {
  expect(position.label).not.toBe('');
  const exposure = exposureOf(position, { ...view(), volatility: 0.6, rate: 0 });
  for (const greek of Object.values(exposure)) expect(greek).toSatisfy(Number.isFinite);
  if (position.kind === 'option') expect(Math.sign(exposure.vega)).toBe(Math.sign(position.size));
  if (position.kind === 'liquidity') expect(exposure.valueQuote).toBeGreaterThan(0);
  if (position.kind === 'spot') expect(position.amountRaw).toBeGreaterThanOrEqual(0n);
}
