import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { rememberedAs } from '../../../../src/adapters/chain/rememberedAs.ts';

const read = rememberedAs(z.object({ pool: z.string(), ticks: z.array(z.int()) }));

describe('a memory', () => {
  it('comes back as the same object as long as the same one is given', () => {
    const memory = { pool: 'a', ticks: [1, 2] };
    expect(read(memory)).toEqual(memory);
    expect(read(memory)).toBe(read(memory));
    expect(read({ ...memory, ticks: [3] })).toEqual({ pool: 'a', ticks: [3] });
  });

  it.each([undefined, null, 7, 'text', [], { pool: 'a' }, { pool: 'a', ticks: [0.5] }])(
    'of another form is nothing, however often it is given: %j',
    (memory) => {
      expect(read(memory)).toBeNull();
      expect(read(memory)).toBeNull();
    },
  );
});
