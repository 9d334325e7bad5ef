import { parseAbi } from 'viem';
import { z } from 'zod';
import { erc20Abi } from '../../../abis/erc20.ts';
import { InvalidInputError } from '../../core/errors.ts';
import type { SpotPosition } from '../../core/position.ts';
import { all, known } from '../../core/read.ts';
import { defineProtocol } from '../../ports/protocol.ts';
import { call, MULTICALL3 } from '../chain/index.ts';

/** Multicall3 also tells native balances, so that they come in the same round. */
const nativeBalanceAbi = parseAbi(['function getEthBalance(address account) view returns (uint256)']);

const NATIVE_DECIMALS = 18;

const config = z.strictObject({
  native: z
    .enum(['base', 'quote', 'ignore'])
    .default('ignore')
    .describe(
      'what native money of the account counts as: base where base is wrapped native, never sold itself',
    ),
});

/**
 * Base and quote tokens of the account, and on request its native money.
 *
 * @throws InvalidInputError where native money is to count as a token that cannot be its wrapped form
 */
export const balances = defineProtocol<z.infer<typeof config>>({
  summary: 'base and quote tokens that the account holds',
  verified: 'contracts',
  config,
  sample: { native: 'base' },
  counts: () => ['balances'],
  *read({ native }, { vault }) {
    if (native !== 'ignore' && vault[native].decimals !== NATIVE_DECIMALS) {
      const { symbol, decimals } = vault[native];
      const expected = `a token of ${NATIVE_DECIMALS} decimals that wraps native money`;
      throw new InvalidInputError('native', `${native}, ${symbol} of ${decimals} decimals`, expected);
    }
    const [baseRaw, quoteRaw, nativeWei] = yield* all([
      call(erc20Abi, vault.base.address, 'balanceOf', [vault.account]),
      call(erc20Abi, vault.quote.address, 'balanceOf', [vault.account]),
      native === 'ignore' ? known(0n) : call(nativeBalanceAbi, MULTICALL3, 'getEthBalance', [vault.account]),
    ]);
    const positions: SpotPosition[] = [
      {
        kind: 'spot',
        label: `${vault.base.symbol} balance`,
        asset: 'base',
        amountRaw: baseRaw,
        locked: false,
      },
      {
        kind: 'spot',
        label: `${vault.quote.symbol} balance`,
        asset: 'quote',
        amountRaw: quoteRaw,
        locked: false,
      },
    ];
    if (native !== 'ignore' && nativeWei > 0n) {
      // Locked: a hedge moves tokens only, so native money is exposure that cannot be sold.
      positions.push({
        kind: 'spot',
        label: 'native balance',
        asset: native,
        amountRaw: nativeWei,
        locked: true,
      });
    }
    return { value: positions, memory: null };
  },
});
