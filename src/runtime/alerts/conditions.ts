import { fixed, signed } from '../../core/report/format.ts';
import { windowBlocksOf } from '../../engine/submit/ladder.ts';
import type { TickResult } from '../../engine/tick.ts';
import type { Permission, VaultSetup } from '../../engine/world.ts';
import type { Alert } from '../../ports/ambient.ts';
import { shareOfLevel } from '../status.ts';

/** Share of its heartbeat after which a price is near its end. */
const NEAR_HEARTBEAT = 0.9;

/** Since when net delta is beyond the level at which the policy trades, by vault; chain time. */
export type BeyondSince = Map<string, number>;

/** Tells what a look at a vault showed to be wrong, and what is no longer. Telling it again at every look is the channel's to avoid. */
export function tellConditions(
  alert: Alert,
  result: TickResult,
  setup: VaultSetup,
  permission: Permission | undefined,
  beyond: BeyondSince,
): void {
  const { vault: subject, decision } = result;
  const isHalted = decision.kind === 'halt';
  const say = sayAbout(alert, subject);
  say('halted', 'critical', isHalted, `${subject} halted: ${decision.code}`, { why: decision.why });
  const refusal = permission?.refusal(subject) ?? null;
  say('disarmed', 'warning', refusal !== null, `${subject} may not trade`, { why: refusal ?? '' });
  const isJournaled = result.decisionId !== null;
  say('journal', 'critical', !isJournaled, `decisions about ${subject} are not journaled`, {
    why: decision.why,
  });
  tellBand(say, result, setup, beyond);
  tellOrders(say, result);
  tellOracle(say, result);
}

type Say = ReturnType<typeof sayAbout>;

function sayAbout(alert: Alert, subject: string) {
  return (
    rule: Parameters<Alert['send']>[3]['rule'],
    severity: 'warning' | 'critical',
    isSo: boolean,
    title: string,
    facts: Readonly<Record<string, string>>,
  ) => {
    if (isSo) alert.send(severity, title, facts, { rule, subject });
    else alert.send('info', `${subject}: over (${rule})`, {}, { rule, subject, isOver: true });
  };
}

/** Beyond the level for longer than an order may take: whatever should have brought it back did not. */
function tellBand(say: Say, result: TickResult, setup: VaultSetup, beyond: BeyondSince): void {
  const { vault, block, decision } = result;
  const { band, netDelta } = decision.numbers;
  if (block === null || band === null || netDelta === null) return;
  const share = shareOfLevel(band, netDelta);
  if (share === null || share <= 1) beyond.delete(vault);
  else if (!beyond.has(vault)) beyond.set(vault, block.timestampSeconds);
  const since = beyond.get(vault);
  const { submission } = setup;
  const patience = (windowBlocksOf(submission) + 1) * submission.blockSeconds;
  const isLate = since !== undefined && block.timestampSeconds - since > patience;
  say('beyondBand', 'critical', isLate, `${vault} is beyond its band`, {
    netDelta: signed(netDelta),
    share: share === null ? '–' : `${fixed(share * 100, 0)} %`,
    why: decision.why,
  });
}

function tellOrders(say: Say, { vault, block, open }: TickResult): void {
  if (block === null) return;
  const late = open.filter(({ record }) => record.order.deadlineSeconds < block.timestampSeconds);
  say('orderOverdue', 'warning', late.length > 0, `${vault} has an order open past its deadline`, {
    orders: late.map(({ record }) => record.id).join(', '),
  });
}

function tellOracle(say: Say, { vault, snapshot }: TickResult): void {
  if (snapshot === null) return;
  const { block, prices } = snapshot.chain;
  const ages = prices
    .filter(({ fault }) => fault === null)
    .map(({ updatedAtSeconds, staleAfterSeconds, source }) => ({
      source,
      share: (block.timestampSeconds - updatedAtSeconds) / staleAfterSeconds,
    }))
    .toSorted((a, b) => a.share - b.share);
  const [freshest] = ages;
  const isNear = freshest !== undefined && freshest.share > NEAR_HEARTBEAT;
  say('oracle', 'warning', isNear, `the price of ${vault} is near the end of its heartbeat`, {
    source: freshest?.source ?? '–',
    share: freshest === undefined ? '–' : `${fixed(freshest.share * 100, 0)} %`,
  });
}
