import { type RolesConfig, roleTermsOf } from '../../adapters/accounts/internal/rolesConfig.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { toWhole } from '../../core/units.ts';
import { tickFleet } from '../../engine/tick.ts';
import type { Config, VaultConfig } from '../config/schema.ts';
import { worstRoleCaseQuote } from '../mandate/rolesMandate.ts';
import { openLook } from '../worlds/look.ts';
import type { WorldTools } from '../worlds/tools.ts';

const BPS = 10_000;

/** What arming a vault allows, in the numbers that the chain holds its keeper to. */
export interface ArmingTerms {
  readonly vault: string;
  readonly base: string;
  readonly quote: string;
  readonly pools: number;
  /** The tighter of the config's and the mandate's bound. */
  readonly slippageBps: number;
  /** What the mandate alone holds a thief of the key to. */
  readonly mandateSlippageBps: number;
  /** Whole quote; null where the account does not say. */
  readonly capacityQuote: number | null;
  readonly refillPerDayQuote: number | null;
  /**
   * What a stolen key could lose in a day, whole quote: (capacity + refill) x slippage against the oracle; of a role what
   * {@link worstRoleCaseQuote} says.
   */
  readonly worstDayQuote: number | null;
  /** Between these the keeper may leave the account's base; null where nothing on chain holds it to any. */
  readonly minBase: number | null;
  readonly maxBase: number | null;
}

/** Reads what arming would allow, vault by vault; a vault that cannot be read is left out. */
export async function armingTerms(config: Config, tools: WorldTools): Promise<readonly ArmingTerms[]> {
  const open = await openLook(config, tools);
  try {
    const results = await tickFleet(open.world, open.vaults);
    return results.flatMap(({ snapshot }, index) => {
      const maxSlippageBps = open.vaults[index]?.limits.maxSlippageBps ?? BPS;
      return snapshot === null ? [] : [termsOf(snapshot, maxSlippageBps, config.vaults)];
    });
  } finally {
    await open.close();
  }
}

function termsOf(
  { vault, chain: { guard } }: Snapshot,
  maxSlippageBps: number,
  configs: readonly VaultConfig[],
): ArmingTerms {
  const { base, quote } = vault;
  const inQuote = (raw: bigint | undefined) => (raw === undefined ? null : toWhole(raw, quote.decimals));
  const capacityQuote = inQuote(guard.turnoverCapacityRaw);
  const refillPerDayQuote = inQuote(guard.turnoverRefillPerDayRaw);
  const account = configs.find(({ name }) => name === vault.name)?.account;
  const role = account?.kind === 'safeRoles' ? roleTermsOf(account.config as RolesConfig, vault) : null;
  const worstDayQuote =
    role !== null
      ? worstRoleCaseQuote(role, 1)
      : capacityQuote === null || refillPerDayQuote === null
        ? null
        : ((capacityQuote + refillPerDayQuote) * guard.maxSlippageBps) / BPS;
  return {
    vault: vault.name,
    base: base.symbol,
    quote: quote.symbol,
    pools: guard.allowedPools.length,
    slippageBps: Math.min(maxSlippageBps, guard.maxSlippageBps),
    mandateSlippageBps: guard.maxSlippageBps,
    capacityQuote,
    refillPerDayQuote,
    worstDayQuote,
    minBase: role === null ? toWhole(guard.minBaseRaw, base.decimals) : null,
    maxBase: role === null ? toWhole(guard.maxBaseRaw, base.decimals) : null,
  };
}
