import { fairPrice } from '../../core/hedge/fairPrice.ts';
import { fixed, signed } from '../../core/report/format.ts';
import { usableOracle } from '../../core/risk/oracle.ts';
import { volatilityFault, volatilityObstacle } from '../../core/risk/volatilitySource.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { type Address, sameAddress, toWhole } from '../../core/units.ts';
import { type TickResult, tick } from '../../engine/tick.ts';
import type { VaultSetup } from '../../engine/world.ts';
import { CRASH, stressReport } from '../stress.ts';
import { openLook } from '../worlds/look.ts';
import { type Check, type Finding, fail, ok, warn } from './checks.ts';
import type { Shared } from './shared.ts';

/** Share of the heartbeat after which an answer counts as near its end. */
const NEAR_HEARTBEAT = 0.9;

/** Everything about one vault that a first read shows; each finding carries the vault's name where there are several. */
export function vaultCheck(shared: Shared, name: string): Check {
  const label = (check: string) => (shared.config.vaults.length === 1 ? check : `${name} ${check}`);
  return {
    name: label('vault'),
    async look() {
      await shared.head();
      const config = {
        ...shared.config,
        vaults: shared.config.vaults.filter((vault) => vault.name === name),
      };
      const open = await openLook(config, shared.tools);
      try {
        const [vault] = open.vaults as [VaultSetup];
        const result = await tick(open.world, vault);
        const found =
          result.snapshot === null
            ? [unreadable(result)]
            : findingsOf(result, result.snapshot, vault, await shared.keeper());
        return found.map((finding) => ({ ...finding, check: label(finding.check) }));
      } finally {
        await open.close();
      }
    },
  };
}

function unreadable({ decision }: TickResult): Finding {
  return fail('vault', decision.why, 'correct what it names, then ballast plan');
}

function findingsOf(
  result: TickResult,
  snapshot: Snapshot,
  vault: VaultSetup,
  keeper: Address | null,
): readonly Finding[] {
  return [
    ...mandateFindings(snapshot, vault, keeper),
    ...oracleFindings(snapshot),
    ...volatilityFindings(snapshot),
    poolFinding(snapshot, vault),
    holdingsFinding(snapshot),
    ...crashFindings(snapshot, vault),
    decisionFinding(result),
  ];
}

/** Whether the mandate leaves room for a crash, and whether the vault has what one takes. */
function crashFindings(snapshot: Snapshot, vault: VaultSetup): readonly Finding[] {
  const report = stressReport(snapshot, vault);
  // Why it could not be tried is a finding of the prices or of the volatility.
  if ('why' in report || report.crash === null) return [];
  const { crash } = report;
  const fall = `${fixed(-CRASH * 100, 0)} % in a day`;
  if (crash.lacks.length === 0) return [ok('crash', `a fall of ${fall} fits the mandate and the vault`)];
  return crash.lacks.map(({ of, text }) =>
    of === 'means'
      ? warn('crash', text, 'fund the vault, or let it borrow; ballast stress shows the way down')
      : fail('crash', text, 'ballast mandate, with more turnover or slippage'),
  );
}

function mandateFindings(
  { chain: { guard, pools }, vault: { quote } }: Snapshot,
  { limits, account }: VaultSetup,
  keeper: Address | null,
): readonly Finding[] {
  const mandate = 'ballast mandate';
  if (!guard.enabled) return [fail('module', 'not enabled on the account', mandate)];
  const findings: Finding[] = [ok('module', `enabled, ${guard.module}`)];
  if (guard.paused) findings.push(fail('mandate', 'paused', 'the account can unpause it, on chain'));
  if (keeper === null)
    findings.push(warn('keeper role', 'not looked at: no key at hand', 'set the key that signer: names'));
  else if (!guard.keeperAllowed)
    findings.push(fail('keeper role', `${keeper} is not a keeper`, `${mandate} --keeper ${keeper}`));
  else findings.push(ok('keeper role', `${keeper} may hedge`));
  if (account.sequence === 'counted') {
    const found =
      'weaker: the chain counts orders but takes any, so an order is bound to its nonce until that is final';
    findings.push(warn('sequence', found, 'kinds safe and optionVault have the chain take each order once'));
  }
  const outside = pools.filter(
    (pool) => !guard.allowedPools.some((allowed) => sameAddress(allowed, pool.address)),
  );
  for (const { address } of outside)
    findings.push(warn('pools', `${address} is not in the mandate`, mandate));
  if (limits.maxSlippageBps > guard.maxSlippageBps) {
    const found = `limits.maxSlippageBps ${limits.maxSlippageBps} is above the mandate's ${guard.maxSlippageBps}`;
    findings.push(warn('slippage', found, "the mandate's bound holds: lower it in the config"));
  }
  const left = toWhole(guard.turnoverAvailableRaw, quote.decimals);
  const turnover = `${fixed(left, 2)} ${quote.symbol} left`;
  findings.push(
    left < limits.minTradeQuote
      ? warn('turnover', turnover, 'wait for the refill, or raise it with ballast mandate')
      : ok('turnover', turnover),
  );
  return findings;
}

function oracleFindings({ chain }: Snapshot): readonly Finding[] {
  return chain.prices.map((reading): Finding => {
    if (reading.fault !== null)
      return fail('oracle', reading.fault, 'correct prices: in the config, or wait for the feed');
    const seconds = chain.block.timestampSeconds - reading.updatedAtSeconds;
    const found = `${seconds} s of ${reading.staleAfterSeconds} s heartbeat`;
    if (seconds > reading.staleAfterSeconds)
      return fail('oracle age', found, 'nothing is hedged until the feed answers again');
    const isNear = seconds > NEAR_HEARTBEAT * reading.staleAfterSeconds;
    return isNear
      ? warn('oracle age', found, 'it should answer soon; allow some grace in heartbeatSeconds')
      : ok('oracle age', found);
  });
}

/** What options are priced with; sources that were passed over are looked at, since one day they will be needed. */
function volatilityFindings({ observed, chain: { block } }: Snapshot): readonly Finding[] {
  const { volatility: used, volatilityPassedOver = [] } = observed;
  const halt = volatilityObstacle(observed, block);
  if (halt !== null)
    return [fail('volatility', halt.why, 'nothing is hedged until one answers: ballast vol')];
  const seconds = Math.round(block.timestampSeconds - used.observedAtSeconds);
  return [
    ...volatilityPassedOver.map((reading) =>
      warn('volatility', `${reading.source}: ${volatilityFault(reading, block)}`, 'ballast vol'),
    ),
    ok('volatility', `${fixed(used.volatility * 100, 1)} % by ${used.source}, ${seconds} s old`),
  ];
}

function poolFinding(snapshot: Snapshot, { limits }: VaultSetup): Finding {
  const oracle = usableOracle(snapshot);
  if ('code' in oracle) return warn('pools', 'not compared: no usable oracle price', 'see the oracle line');
  const { divergenceBps, sources } = fairPrice(snapshot, oracle, limits);
  const found = `${snapshot.chain.pools.length} read, at most ${fixed(divergenceBps, 0)} bps from the oracle, ${sources} prices`;
  if (divergenceBps > limits.maxDivergenceBps)
    return fail('pools', found, 'wait, or see whether a pool has dried up');
  return ok('pools', found);
}

function holdingsFinding({ chain: { holdings, positions }, vault: { base, quote } }: Snapshot): Finding {
  const amounts = `${fixed(toWhole(holdings.baseRaw, base.decimals), 4)} ${base.symbol}, ${fixed(toWhole(holdings.quoteRaw, quote.decimals), 2)} ${quote.symbol} free`;
  const found = `${amounts}; ${positions.length} positions`;
  if (holdings.baseRaw === 0n && holdings.quoteRaw === 0n)
    return warn('holdings', found, 'without either token nothing can be hedged');
  return ok('holdings', found);
}

function decisionFinding({ decision }: TickResult): Finding {
  if (decision.kind === 'halt')
    return fail('decision', `halt: ${decision.why}`, 'ballast plan shows the numbers');
  const net = decision.numbers.netDelta === null ? '' : `, net delta ${signed(decision.numbers.netDelta)}`;
  return ok('decision', `${decision.kind}${net}`);
}
