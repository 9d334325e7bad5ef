import { erc20Abi } from '../../abis/erc20.ts';
import { APPROVAL_RAW } from '../../src/adapters/accounts/internal/eoaConfig.ts';
import type { Address } from '../../src/core/units.ts';
import type { Devnet } from '../../src/devnet/index.ts';
import { callOf, mainnet } from '../../src/devnet/index.ts';
import type { Account } from '../../src/ports/account.ts';
import type { VaultOnDevnet } from './vaultOnDevnet.ts';

/** An account of a kind on a devnet, funded, which the devnet's keeper may hedge. */
export interface AccountStage {
  readonly address: Address;
  readonly config: unknown;
  /** Whether the chain holds it to an amount. */
  readonly hasTurnover: boolean;
  /** Why orders that may not execute are refused, in words. */
  readonly refusals: {
    readonly stranger: RegExp;
    readonly late: RegExp;
    readonly badPrice: RegExp;
    /** Null where the chain takes any sequence. */
    readonly usedSequence: RegExp | null;
  };
}

const byModule: AccountStage['refusals'] = {
  stranger: /^not keeper: .*caller 0x/,
  late: /^deadline passed: deadline 1, timestamp \d+$/,
  badPrice: /^quote limit missed: /,
  usedSequence: /^wrong sequence: given \d+, expected \d+$/,
};

/** Roles keeps the router's own words to itself. */
const byRole: AccountStage['refusals'] = {
  stranger: /^not authorized|^no membership/,
  late: /^module transaction failed$/,
  badPrice: /^module transaction failed$/,
  usedSequence: null,
};

/** Somebody else's call finds nothing of theirs approved: the router pays by whoever calls it. */
const byRouter: AccountStage['refusals'] = {
  stranger: /STF/,
  late: /Transaction too old/,
  badPrice: /Too little received/,
  usedSequence: null,
};

/** Every kind of account; a kind that is missing here fails its conformance. */
export const accountStages: Readonly<
  Record<string, (devnet: Devnet, vault: VaultOnDevnet, account: Account) => Promise<AccountStage>>
> = {
  safe: async (_, { safe }, account) => ({
    address: safe.address,
    config: account.sample,
    hasTurnover: true,
    refusals: byModule,
  }),
  optionVault: async (devnet, _, account) => {
    const { address } = await devnet.createOptionVault({ depositUsdc: 500_000 });
    await devnet.fund(address, [{ token: devnet.tokens.weth, amount: 100 }]);
    return { address, config: account.sample, hasTurnover: true, refusals: byModule };
  },
  safeRoles: async (devnet, _, account) => {
    const { weth, usdc } = devnet.tokens;
    const { address, terms } = await devnet.createRolesSafe({
      holdings: [
        { token: weth, amount: 100 },
        { token: usdc, amount: 500_000 },
      ],
    });
    const config = { ...(account.sample as object), roles: terms.roles };
    return { address, config, hasTurnover: true, refusals: byRole };
  },
  eoa: async (devnet, _, account) => {
    const { keeper } = devnet.accounts;
    await giveKeyFunds(devnet, keeper);
    return { address: keeper.address, config: account.sample, hasTurnover: false, refusals: byRouter };
  },
};

/** Base, quote and the two approvals of an account of kind `eoa`. */
export async function giveKeyFunds(devnet: Devnet, key: Devnet['accounts']['keeper']): Promise<void> {
  const { weth, usdc } = devnet.tokens;
  await devnet.fund(key.address, [
    { token: weth, amount: 100 },
    { token: usdc, amount: 500_000 },
  ]);
  await devnet.transact(
    key,
    [weth, usdc].map(({ address }) =>
      callOf(address, erc20Abi, 'approve', [mainnet.swapRouter02, APPROVAL_RAW]),
    ),
  );
}
