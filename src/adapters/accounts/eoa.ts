import { erc20Abi } from '../../../abis/erc20.ts';
import { all } from '../../core/read.ts';
import type { VaultTerms } from '../../core/snapshot.ts';
import { sameAddress } from '../../core/units.ts';
import { defineAccount } from '../../ports/account.ts';
import { call } from '../chain/index.ts';
import { poolOf } from '../chain/roles/terms.ts';
import { approvalUsed, type EoaConfig, eoaConfig, eoaSample, MAX_RAW } from './internal/eoaConfig.ts';
import { type RouterTerms, routerCall } from './internal/routerOrder.ts';
import { fillByTransfers } from './internal/transferFill.ts';

/**
 * A plain key that holds the positions itself and swaps on SwapRouter02: nothing on chain holds it to anything, so whoever
 * has the key has the funds. For rehearsals on a chain of this machine only; the runtime refuses it anywhere else.
 *
 * The chain counts no orders of a key. What the router used up of its two approvals stands in: it grows with every order
 * and is undone with it in a reorg.
 */
export const eoa = defineAccount<EoaConfig>({
  summary: 'a plain key that swaps on SwapRouter02 itself; for rehearsals on this machine only',
  verified: 'contracts',
  config: eoaConfig,
  sequence: 'counted',
  rehearsalOnly: true,
  sample: eoaSample,
  *read(config, { vault }, keeper) {
    const { account, base, quote } = vault;
    const { router } = config;
    const [baseLeftRaw, quoteLeftRaw, baseRaw, quoteRaw] = yield* all([
      call(erc20Abi, base.address, 'allowance', [account, router]),
      call(erc20Abi, quote.address, 'allowance', [account, router]),
      call(erc20Abi, base.address, 'balanceOf', [account]),
      call(erc20Abi, quote.address, 'balanceOf', [account]),
    ]);
    const used = [approvalUsed(baseLeftRaw), approvalUsed(quoteLeftRaw)];
    const terms = routerTermsOf(config, vault);
    return {
      holdings: { baseRaw, quoteRaw },
      guard: {
        module: router,
        nextSequence: used.reduce<bigint>((sum, one) => sum + (one ?? 0n), 0n),
        enabled: !used.includes(null),
        paused: false,
        keeperAllowed: sameAddress(keeper, account),
        maxSlippageBps: config.maxSlippageBps,
        turnoverAvailableRaw: MAX_RAW,
        minBaseRaw: 0n,
        maxBaseRaw: MAX_RAW,
        allowedPools: config.fees.map((fee) => poolOf(terms, fee)),
      },
    };
  },
  encode: (config, vault, order, keeper) => ({
    from: keeper,
    to: config.router,
    data: routerCall(routerTermsOf(config, vault), order, null),
    valueWei: 0n,
  }),
  fill: (_, vault, order, receipt) => fillByTransfers(vault, order, receipt),
});

function routerTermsOf({ factory, fees }: EoaConfig, { account, base, quote }: VaultTerms): RouterTerms {
  return { account, base, quote, factory, fees };
}
