import { shortAddress } from '../../../src/cli/output/numbers.ts';
import { signed } from '../../../src/core/report/format.ts';
import { percent, UNKNOWN } from '../../../src/core/report/numbers.ts';
import type { VaultRow } from '../../../src/dashboard/documents.ts';
import { type Content, html, type Markup } from '../../../src/report/html/markup.ts';

/** A dash with its reason: a value that is not known is never a nought. */
export function missing(why: string): Markup {
  return html`<span class="missing" title="${why}">${UNKNOWN}<span class="quiet"> ${why}</span></span>`;
}

/** A text with each address in it as people read it, such as the name of a price's source. */
export function shortAddresses(text: string): string {
  return text.replace(/0x[0-9a-fA-F]{40}/g, (address) => shortAddress(address));
}

/** A number in its own form, or a dash with its reason. */
export function known(
  value: number | null | undefined,
  form: (value: number) => string,
  why: string,
): Content {
  return value == null || !Number.isFinite(value) ? missing(why) : form(value);
}

const STATES = {
  halt: ['bad', 'HALT'],
  beyond: ['warn', 'beyond'],
  open: ['warn', 'order open'],
  ok: ['good', 'ok'],
  unknown: ['dim', 'unknown'],
} as const;

/** How a vault is, as a word in a colour. */
export function stateBadge({ state, fault }: Pick<VaultRow, 'state' | 'fault'>): Markup {
  const [tone, word] = fault === null ? STATES[state] : (['bad', 'unreadable'] as const);
  return html`<span class="badge ${tone}">${word}</span>`;
}

const KIND_TONES: Readonly<Record<string, string>> = {
  hold: 'dim',
  hedge: 'act',
  reduce: 'warn',
  halt: 'bad',
  corrupt: 'bad',
};

/** What was decided, as a word in a colour. */
export function kindBadge(kind: string): Markup {
  return html`<span class="badge ${KIND_TONES[kind] ?? 'dim'}">${kind}</span>`;
}

/** `+1.8400 WETH, 121 % of sell trigger` */
export function deltaWords({ netDelta, shareOfAct, units, band }: VaultRow): string {
  if (netDelta === null) return 'net delta is not known';
  const unit = units === null ? '' : ` ${units.base}`;
  if (shareOfAct === null || band === null) return `${signed(netDelta)}${unit}, no band`;
  const middle = band.sell.act >= 0 && band.buy.act <= 0 ? 0 : (band.sell.act + band.buy.act) / 2;
  return `${signed(netDelta)}${unit}, ${percent(shareOfAct, 0)} of ${netDelta >= middle ? 'sell' : 'buy'} trigger`;
}

/** The page of a vault. */
export const vaultHref = (name: string): string => `#/vaults/${encodeURIComponent(name)}`;
/** The page of an order. */
export const orderHref = (id: string): string => `#/orders/${encodeURIComponent(id)}`;
/** The page of a decision. */
export const decisionHref = (id: string): string => `#/decisions/${encodeURIComponent(id)}`;

/** `0x12ab…9f3c`, whole when pointed at. */
export function hashText(hash: string): Markup {
  return html`<code title="${hash}">${hash.length > 14 ? `${hash.slice(0, 8)}…${hash.slice(-6)}` : hash}</code>`;
}

/** Named values in two columns. */
export function factList(rows: readonly (readonly [name: string, value: Content])[]): Markup {
  return html`<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** A part of a page that can be folded; folded at first on a narrow screen where it says so. */
export function panel(id: string, title: string, body: Content, aside: Content = ''): Markup {
  return html`<section class="panel" id="${id}"><h2>${title}${aside}</h2>${body}</section>`;
}

/** The same with a fold. */
export function foldable(id: string, title: string, body: Content): Markup {
  return html`<details class="panel" id="${id}" data-fold><summary><h2>${title}</h2></summary>${body}</details>`;
}
