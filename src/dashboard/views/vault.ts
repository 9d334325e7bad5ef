import { messageOf } from '../../core/errors.ts';
import { exposureOf } from '../../core/exposure/exposure.ts';
import { marketView } from '../../core/exposure/netExposure.ts';
import type { MarketView, Position } from '../../core/position.ts';
import { fixed, signed } from '../../core/report/format.ts';
import { utcMinute } from '../../core/report/utc.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { toWhole } from '../../core/units.ts';
import type { PositionRow, VaultDocument } from '../documents.ts';
import type { VaultHistory } from '../history/vaultHistory.ts';
import type { JournalWatch } from '../journalWatch.ts';
import type { DashboardSource } from '../source.ts';
import { depthDocument } from './depth.ts';
import { limitRows } from './limits.ts';
import { vaultRow } from './state.ts';

/** A vault with everything that its newest decision looked at. @throws JournalError, JournalCorruptError */
export async function vaultDocument(
  source: DashboardSource,
  watch: JournalWatch,
  history: VaultHistory,
): Promise<VaultDocument> {
  const status = await watch.status(history.vault);
  const stored = status.decision;
  const decision = stored?.decision;
  const snapshot = stored?.snapshot ?? null;
  const spot = decision?.numbers.spot ?? null;
  const times = history.columns.column('atSeconds');
  const configured = source.config.vaults.find(({ name }) => name === history.vault);
  const volatility = snapshot?.observed.volatility;
  return {
    row: vaultRow(status),
    warnings: decision?.warnings ?? [],
    exposure: decision?.numbers.exposure ?? null,
    explanation: decision?.explanation ?? null,
    cost: decision?.numbers.cost ?? null,
    volatility:
      volatility === undefined
        ? null
        : {
            value: volatility.volatility,
            source: volatility.source,
            atSeconds: volatility.observedAtSeconds,
          },
    prices: (snapshot?.chain.prices ?? []).map(({ source: from, price, updatedAtSeconds, fault }) => ({
      source: from,
      price,
      atSeconds: updatedAtSeconds,
      fault,
    })),
    margin: status.margin,
    limits: limitRows(configured ?? null, snapshot),
    positions: snapshot === null || spot === null ? null : positionRows(snapshot, spot),
    depth: stored === null ? null : depthDocument(stored),
    execution: status.execution,
    range:
      times.length === 0
        ? null
        : { fromSeconds: times[0]!, toSeconds: times[times.length - 1]!, decisions: times.length },
  };
}

function positionRows(snapshot: Snapshot, spot: number): readonly PositionRow[] {
  const view = marketView(snapshot, spot);
  return snapshot.chain.positions.map((position) => {
    const said = {
      label: position.label,
      kind: kindWords(position),
      size: sizeWords(position, snapshot, view),
    };
    try {
      const { delta, gamma, valueQuote } = exposureOf(position, view);
      return { ...said, delta, gamma, valueQuote, fault: null };
    } catch (error) {
      return { ...said, delta: null, gamma: null, valueQuote: null, fault: messageOf(error) };
    }
  });
}

const KINDS: Readonly<Record<Position['kind'], string>> = {
  spot: 'tokens',
  option: 'option',
  liquidity: 'liquidity',
  powerPerp: 'power perp',
  panopticLeg: 'Panoptic leg',
  debt: 'debt',
  perp: 'perp',
};

function kindWords(position: Position): string {
  if (position.kind === 'option') {
    const { type, strike, expirySeconds } = position;
    return `${type} ${fixed(strike, strike % 1 === 0 ? 0 : 2)}, ${utcMinute(expirySeconds)}`;
  }
  return KINDS[position.kind];
}

function sizeWords(position: Position, { vault }: Snapshot, { spot }: MarketView): string {
  switch (position.kind) {
    case 'spot':
    case 'debt': {
      const token = vault[position.asset];
      const raw = position.kind === 'spot' ? position.amountRaw : position.owedRaw;
      const amount = raw < 0n ? -toWhole(-raw, token.decimals) : toWhole(raw, token.decimals);
      return `${fixed(amount, position.asset === 'base' ? 4 : 2)} ${token.symbol}`;
    }
    case 'liquidity':
      return `ticks ${position.tickLower} to ${position.tickUpper}`;
    case 'perp':
      return `${signed(position.settlement === 'base' ? position.size / spot : position.size)} ${vault.base.symbol}`;
    default:
      return signed(position.size);
  }
}
