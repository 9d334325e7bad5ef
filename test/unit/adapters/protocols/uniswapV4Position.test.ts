import { expect, it } from 'vitest';
import { uniswapV4Position } from '../../../../src/adapters/protocols/uniswapV4Position.ts';

it('an id that is named twice is refused: it would stand for another that is not named', () => {
  expect(uniswapV4Position.config.safeParse({ ids: [5, 6] }).success).toBe(true);
  expect(uniswapV4Position.config.safeParse({ ids: [5, 5] }).error?.issues).toMatchObject([
    { path: ['ids'], message: 'each id once' },
  ]);
});
