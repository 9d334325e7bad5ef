import type { OrderPlan } from '../../core/decision.ts';
import { BPS, mulDivDown } from '../../core/units.ts';
import type { SimulatedFill } from '../../ports/account.ts';

function isApart(found: bigint, expected: bigint, toleranceBps: number): boolean {
  const distance = found > expected ? found - expected : expected - found;
  return distance * BPS > expected * BigInt(toleranceBps);
}

/**
 * What of a simulated fill is not as planned, in words; null where it is. The plan is exact arithmetic on the very state
 * that was simulated, so a better fill is as suspicious as a worse one: something was read that is not so.
 *
 * @param toleranceBps of the planned amounts
 */
export function fillMismatch(
  plan: Pick<OrderPlan, 'baseRaw' | 'expectedQuoteRaw'>,
  { baseRaw, quoteRaw }: SimulatedFill,
  toleranceBps: number,
): string | null {
  if (isApart(baseRaw, plan.baseRaw, toleranceBps)) {
    return `${baseRaw} of ${plan.baseRaw} base (smallest units) would be filled`;
  }
  const expected = plan.baseRaw === 0n ? 0n : mulDivDown(plan.expectedQuoteRaw, baseRaw, plan.baseRaw);
  if (!isApart(quoteRaw, expected, toleranceBps)) return null;
  return `${quoteRaw} quote (smallest units) would change hands, ${expected} were planned`;
}
