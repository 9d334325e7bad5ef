import { signed } from '../../../src/core/report/format.ts';
import type { VaultRow } from '../../../src/dashboard/documents.ts';
import { html, type Markup } from '../../../src/report/html/markup.ts';
import { deltaWords, missing } from './words.ts';

/** The scale reaches beyond the levels by half. */
const REACH = 1.5;
const HEIGHT = 30;
const MIDDLE = 13;

const at = (share: number) => `${(Math.max(0, Math.min(1, share)) * 100).toFixed(2)}%`;

/**
 * Net delta in its band: ticks where the keeper acts, the shaded zone that it trades back to, a dot for now, a hollow one for
 * after the open order. Off the scale the dot becomes an arrow at its end.
 *
 * @param withLevels whether the levels stand beneath
 */
export function gauge(row: VaultRow, withLevels = false): Markup {
  const { band, netDelta, netDeltaAfter } = row;
  const words = deltaWords(row);
  if (netDelta === null)
    return html`<div class="gauge">${missing(row.fault ?? row.decision?.why ?? 'no decision yet')}</div>`;
  if (band === null) return html`<div class="gauge"><p class="gauge-words">${words}</p></div>`;
  const middle = (band.sell.act + band.buy.act) / 2;
  const half = Math.max((band.sell.act - band.buy.act) / 2, Number.MIN_VALUE);
  const share = (value: number) => (value - (middle - REACH * half)) / (2 * REACH * half);
  const [buyAct, sellAct] = [at(share(band.buy.act)), at(share(band.sell.act))];
  const [low, high] = [
    Math.min(band.buy.target, band.sell.target),
    Math.max(band.buy.target, band.sell.target),
  ];
  const zone = Math.max(share(high) - share(low), 0.006);
  const isBeyond = netDelta > band.sell.act || netDelta < band.buy.act;
  const tone = row.state === 'halt' ? 'bad' : isBeyond ? 'beyond' : 'inside';
  return html`<div class="gauge ${tone}"><svg width="100%" height="${HEIGHT}" role="img" aria-label="${`${words}; acts at ${signed(band.buy.act)} and ${signed(band.sell.act)}`}">
<rect class="scale" x="0" y="${MIDDLE - 4}" width="100%" height="8" rx="4"/>
<rect class="wait" x="${buyAct}" y="${MIDDLE - 4}" width="${at(share(band.sell.act) - share(band.buy.act))}" height="8"/>
<rect class="target" x="${at(share(low) - (zone > share(high) - share(low) ? zone / 2 : 0))}" y="${MIDDLE - 4}" width="${at(zone)}" height="8"/>
<line class="act" x1="${buyAct}" x2="${buyAct}" y1="${MIDDLE - 9}" y2="${MIDDLE + 9}"/>
<line class="act" x1="${sellAct}" x2="${sellAct}" y1="${MIDDLE - 9}" y2="${MIDDLE + 9}"/>
${netDeltaAfter === null ? '' : html`<circle class="after" cx="${at(share(netDeltaAfter))}" cy="${MIDDLE}" r="5.5"/>`}
${nowMark(share(netDelta))}
</svg>${withLevels ? html`<p class="gauge-levels" aria-hidden="true"><span>${signed(band.buy.act)}</span><span>0 = neutral</span><span>${signed(band.sell.act)}</span></p>` : ''}<p class="gauge-words">${words}</p></div>`;
}

function nowMark(share: number): Markup {
  if (share < 0) return html`<svg x="0" y="${MIDDLE}" class="at"><path class="now" d="M1 0L11-7V7z"/></svg>`;
  if (share > 1)
    return html`<svg x="100%" y="${MIDDLE}" class="at"><path class="now" d="M-1 0L-11-7V7z"/></svg>`;
  return html`<circle class="now" cx="${at(share)}" cy="${MIDDLE}" r="6"/>`;
}
