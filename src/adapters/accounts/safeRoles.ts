import { encodeFunctionData } from 'viem';
import { erc20Abi } from '../../../abis/erc20.ts';
import { rolesAbi } from '../../../abis/roles.ts';
import { safeAbi } from '../../../abis/safe.ts';
import { all } from '../../core/read.ts';
import { max, sameAddress } from '../../core/units.ts';
import { defineAccount } from '../../ports/account.ts';
import { call } from '../chain/index.ts';
import { accrued, storedAllowance } from '../chain/roles/accrual.ts';
import { allowanceKeys, ORDERS_AT_START, poolOf, priceBounds, roleKey } from '../chain/roles/terms.ts';
import { type RolesConfig, rolesConfig, roleTermsOf } from './internal/rolesConfig.ts';
import { routerCall } from './internal/routerOrder.ts';
import { fillByTransfers } from './internal/transferFill.ts';

const CALL = 0;
const NO_LIMIT = (1n << 128n) - 1n;

/**
 * A Safe whose keeper may call SwapRouter02 by a role of Zodiac's Roles modifier. The chain counts its orders but holds none
 * to its number, so an order stays bound to its key's nonce; it knows no oracle, so a price is held by two fixed bounds and
 * by what the order itself asks for.
 */
export const safeRoles = defineAccount<RolesConfig>({
  summary: 'a Safe whose keeper swaps on SwapRouter02 by a role of Zodiac Roles v2',
  verified: 'contracts',
  config: rolesConfig,
  sequence: 'counted',
  sample: {
    roles: '0xba11a57000000000000000000000000000000005',
    role: 'ballast',
    router: '0x68b3465833fb72A70ecDF485E0e4C7bD8665Fc45',
    factory: '0x1F98431c8aD98523631AE4a59f267346ea31F984',
    fees: [500, 3_000],
    sellPerDay: 1_000,
    spendPerDay: 3_000_000,
    minPrice: 1_500,
    maxPrice: 6_000,
    maxSlippageBps: 150,
  },
  *read(config, { vault, block }, keeper) {
    const { account, base, quote } = vault;
    const { roles } = config;
    const keys = allowanceKeys(config.role);
    const [isEnabled, isMember, avatar, target, sell, spend, orders, baseRaw, quoteRaw] = yield* all([
      call(safeAbi, account, 'isModuleEnabled', [roles]),
      call(rolesAbi, roles, 'isModuleEnabled', [keeper]),
      call(rolesAbi, roles, 'avatar', []),
      call(rolesAbi, roles, 'target', []),
      call(rolesAbi, roles, 'allowances', [keys.sell]),
      call(rolesAbi, roles, 'allowances', [keys.spend]),
      call(rolesAbi, roles, 'allowances', [keys.orders]),
      call(erc20Abi, base.address, 'balanceOf', [account]),
      call(erc20Abi, quote.address, 'balanceOf', [account]),
    ]);
    const now = BigInt(block.timestampSeconds);
    const sellable = accrued(storedAllowance(sell), now);
    const counted = storedAllowance(orders).balance;
    const terms = roleTermsOf(config, vault);
    return {
      holdings: { baseRaw, quoteRaw },
      guard: {
        module: roles,
        nextSequence: ORDERS_AT_START - counted,
        enabled: isEnabled && counted > 0n && sameAddress(avatar, account) && sameAddress(target, account),
        paused: false,
        keeperAllowed: isMember,
        maxSlippageBps: config.maxSlippageBps,
        turnoverAvailableRaw: accrued(storedAllowance(spend), now),
        minBaseRaw: max(0n, baseRaw - sellable),
        maxBaseRaw: NO_LIMIT,
        allowedPools: config.fees.map((fee) => poolOf(terms, fee)),
      },
    };
  },
  encode(config, vault, order, keeper) {
    const { roles, role, router } = config;
    const terms = roleTermsOf(config, vault);
    const key = roleKey(role, { side: order.side, isSplit: order.legs.length > 1 });
    const data = encodeFunctionData({
      abi: rolesAbi,
      functionName: 'execTransactionWithRole',
      args: [router, 0n, routerCall(terms, order, priceBounds(terms)), CALL, key, true],
    });
    return { from: keeper, to: roles, data, valueWei: 0n };
  },
  fill: (_, vault, order, receipt) => fillByTransfers(vault, order, receipt),
});
