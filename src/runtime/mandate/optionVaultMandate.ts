import { encodeFunctionData } from 'viem';
import { optionVaultAbi } from '../../../abis/optionVault.ts';
import { call } from '../../adapters/chain/index.ts';
import { all, type Read } from '../../core/read.ts';
import type { Address, Hex } from '../../core/units.ts';
import type { VaultSetup } from '../../engine/world.ts';
import { UsageError } from '../errors.ts';
import { type BatchCall, deploymentCalls, mandateCall } from './batch.ts';
import type { Mandate } from './mandate.ts';
import { deploymentOf, isModule } from './module.ts';

/** What the chain says of an OptionVault, its module and its round. */
export interface OptionVaultFacts {
  readonly owner: Address;
  readonly isDeployed: boolean;
  readonly isEnabled: boolean;
  /** Whether the owner may call the module in a round: a mandate is set that way. */
  readonly isTarget: boolean;
  /** When the notice of the module ends, Unix seconds; 0 where it was not announced. */
  readonly noticeEndsAt: bigint;
  readonly lastSettledAt: bigint;
  /** Whether anybody has or wants shares, and so has to be given notice. */
  readonly hasHolders: boolean;
  readonly isRoundOpen: boolean;
}

/** What the owner can do now, and what has to come first for the rest. */
export interface OptionVaultSteps {
  readonly calls: readonly BatchCall[];
  /** Null where the calls put the mandate in force. */
  readonly waitsFor: string | null;
}

/** See {@link OptionVaultFacts}; one round. */
export function* readOptionVault(account: Address, module: Address): Read<OptionVaultFacts> {
  const [owner, isEnabled, isTarget, noticeEndsAt, lastSettledAt, supply, pending, isRoundOpen, isDeployed] =
    yield* all([
      call(optionVaultAbi, account, 'owner', []),
      call(optionVaultAbi, account, 'isModuleEnabled', [module]),
      call(optionVaultAbi, account, 'isTarget', [module]),
      call(optionVaultAbi, account, 'noticeEndsAt', [module]),
      call(optionVaultAbi, account, 'lastSettledAt', []),
      call(optionVaultAbi, account, 'totalSupply', []),
      call(optionVaultAbi, account, 'pendingTotals', []),
      call(optionVaultAbi, account, 'isRoundOpen', []),
      isModule(module, account),
    ]);
  const hasHolders = supply > 0n || pending[0] > 0n;
  return {
    owner,
    isDeployed,
    isEnabled,
    isTarget,
    noticeEndsAt,
    lastSettledAt,
    hasHolders,
    isRoundOpen,
  };
}

/**
 * The owner's next transactions on the way to a mandate. Once anybody has shares, a module takes a notice to be enabled
 * and another to be a target, each with a settlement after it, so the way is gone in several parts.
 *
 * @throws UsageError where the mandate is to pay by allowance or to lend: a module of an OptionVault is approved nothing and
 * approves nobody
 */
export function optionVaultSteps(
  mandate: Mandate,
  vault: VaultSetup,
  module: Address,
  facts: OptionVaultFacts,
  salt: string | undefined,
): OptionVaultSteps {
  if (mandate.paysByAllowance) {
    throw new UsageError('MANDATE_INCOMPLETE', 'an OptionVault approves nothing for a module', {
      action: 'leave out mandate.allowance: pools are then paid by calls',
    });
  }
  if (BigInt(mandate.lending.pool) !== 0n) {
    const text = 'the modules of an OptionVault approve nobody, so that a lending step of theirs fails';
    throw new UsageError('MANDATE_INCOMPLETE', text, {
      action: 'leave out mandate.lending; contracts/OptionVault.md says what its owner would have to approve',
    });
  }
  const calls: BatchCall[] = [...deploymentCalls(deploymentOf(module, facts.isDeployed, salt))];
  const asOwner = (title: string, data: Hex, words: readonly string[]) =>
    calls.push({ title, to: vault.terms.account, data, words });
  const missing = [
    ...(facts.isEnabled ? [] : (['enableModule'] as const)),
    ...(facts.isTarget ? [] : (['allowTarget'] as const)),
  ];
  const grant = (functionName: 'enableModule' | 'allowTarget') =>
    asOwner(
      grants[functionName].title,
      encodeFunctionData({ abi: optionVaultAbi, functionName, args: [module] }),
      grants[functionName].words,
    );
  const [first] = missing;
  if (first !== undefined && facts.hasHolders) {
    const announce = () =>
      asOwner(
        'announce the module',
        encodeFunctionData({ abi: optionVaultAbi, functionName: 'announce', args: [module] }),
        ['whoever does not want it can leave before it is in force'],
      );
    const { noticeEndsAt, lastSettledAt } = facts;
    const left = `${missing.length} of 2 parts of the way left: being enabled, being a target; each takes a notice`;
    if (noticeEndsAt === 0n) {
      announce();
      return { calls, waitsFor: `the notice of three days, and a settlement after it (${left})` };
    }
    if (lastSettledAt < noticeEndsAt) {
      const end = new Date(Number(noticeEndsAt) * 1_000).toISOString().slice(0, 16).replace('T', ' ');
      return { calls, waitsFor: `a settlement after ${end} UTC, when the notice ends (${left})` };
    }
    grant(first);
    if (missing.length > 1) {
      announce();
      return { calls, waitsFor: 'the second notice of three days, and a settlement after it' };
    }
  } else missing.forEach(grant);
  if (!facts.isRoundOpen) return { calls, waitsFor: 'a round: the owner opens one (openRound)' };
  const { to, data, ...explained } = mandateCall(mandate, vault, module);
  calls.push({
    ...explained,
    to: vault.terms.account,
    data: encodeFunctionData({ abi: optionVaultAbi, functionName: 'execute', args: [to, 0n, data] }),
  });
  return { calls, waitsFor: null };
}

const grants = {
  enableModule: {
    title: 'enable it on the vault',
    words: [
      'from here on the module may move tokens of the vault while a round is open',
      'it does so only as a mandate allows',
    ],
  },
  allowTarget: {
    title: 'let the owner call it',
    words: ['in a round the owner sets the mandate by such a call'],
  },
} as const;
