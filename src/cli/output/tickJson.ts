import { marginStandings } from '../../core/risk/marginStanding.ts';
import type { TickResult } from '../../engine/tick.ts';

/** One vault's result as `--json` shows it. */
export function resultJson({
  vault,
  block,
  decision,
  decisionId,
  snapshot,
  order,
  open,
}: TickResult): Record<string, unknown> {
  return {
    vault,
    block: block?.number ?? null,
    decisionId,
    decision,
    observed: snapshot?.observed ?? null,
    margin: snapshot === null ? null : marginStandings(snapshot),
    order: order === null ? null : { id: order.record.id, status: order.state.status },
    open: open.map(({ record, state }) => ({ id: record.id, status: state.status })),
  };
}
