import type { Address } from '../../src/core/units.ts';
import type { Devnet } from '../../src/devnet/index.ts';
import type { Account } from '../../src/ports/account.ts';
import type { VaultOnDevnet } from './vaultOnDevnet.ts';

/** An account of a kind on a devnet, funded, which the devnet's keeper may hedge. */
export interface AccountStage {
  readonly address: Address;
  readonly config: unknown;
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

/** Every kind of account; a kind that is missing here fails its conformance. */
export const accountStages: Readonly<
  Record<string, (devnet: Devnet, vault: VaultOnDevnet, account: Account) => Promise<AccountStage>>
> = {
  safe: async (_, { safe }, account) => ({
    address: safe.address,
    config: account.sample,
    refusals: byModule,
  }),
  optionVault: async (devnet, _, account) => {
    const { address } = await devnet.createOptionVault({ depositUsdc: 500_000 });
    await devnet.fund(address, [{ token: devnet.tokens.weth, amount: 100 }]);
    return { address, config: account.sample, refusals: byModule };
  },
  safeRoles: async (devnet, _, account) => {
    const { weth, usdc } = devnet.tokens;
    const { address, terms } = await devnet.createRolesSafe({
      holdings: [
        { token: weth, amount: 100 },
        { token: usdc, amount: 500_000 },
      ],
    });
    return { address, config: { ...(account.sample as object), roles: terms.roles }, refusals: byRole };
  },
};
