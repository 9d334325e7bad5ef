import { age } from '../../../src/cli/output/numbers.ts';
import { count } from '../../../src/core/report/numbers.ts';
import type { KeeperState, Mode, StateDocument } from '../../../src/dashboard/documents.ts';
import { type Content, html } from '../../../src/report/html/markup.ts';
import { announce } from '../../report/announce.ts';
import { ago, now } from './ages.ts';
import { byId, show } from './dom.ts';
import { missing } from './words.ts';

const BANNERS: Readonly<Record<Mode, readonly [word: string, text: string]>> = {
  live: ['LIVE', 'transactions of this keeper move money'],
  demo: ['DEMO', 'a replica of mainnet on this machine; nothing here is worth anything'],
  fork: ['FORK', 'a copy of the chain on this machine, with a throw-away key; the chain itself sees nothing'],
  shadow: ['SHADOW', 'the keeper decides and nothing is sent; hedges are filled on paper'],
  unknown: ['JOURNAL', 'no keeper has said what it is; what is shown is what the journal holds'],
};

const PAGES = [
  ['#/', 'Fleet'],
  ['#/decisions', 'Decisions'],
  ['#/orders', 'Orders'],
  ['#/research', 'Research'],
  ['#/system', 'System'],
] as const;

/** What stands around every page. */
export interface Frame {
  readonly state: StateDocument | null;
  readonly isConnected: boolean;
  /** When the server was last heard. */
  readonly heardAtSeconds: number | null;
  readonly title: string;
  readonly route: string;
}

/** Shows banner, navigation, connection and strip; the mode stands in the tab's title too. */
export function showFrame(frame: Frame): void {
  const { state, title } = frame;
  const mode = state?.mode ?? null;
  const banner = byId('banner');
  banner.hidden = mode === null;
  if (mode !== null) {
    const [word, text] = BANNERS[mode];
    banner.className = `banner mode-${mode}`;
    show(banner, html`<strong>${word}</strong> <span>${text}</span>`);
  }
  const word = mode === null || mode === 'live' ? '' : `${BANNERS[mode][0]} · `;
  const worst = state?.vaults.some(({ state: of }) => of === 'halt') ? 'HALT · ' : '';
  document.title = `${word}${worst}${title} · Ballast`;
  show(
    byId('nav'),
    html`<ul>${PAGES.map(([href, name]) => html`<li><a href="${href}" ${isCurrent(href, frame.route) ? html`aria-current="page"` : ''}>${name}</a></li>`)}</ul>`,
  );
  showConnection(frame);
  if (state !== null) show(byId('strip'), strip(state));
  if (state !== null) byId('foot').textContent = `ballast ${state.version}`;
}

function isCurrent(href: string, route: string): boolean {
  if (href === '#/') return route === '#/' || route.startsWith('#/vaults');
  return route.startsWith(href);
}

/** Whether the page hears the server, and since when it does not: what it shows is then dimmed, and old. */
export function showConnection({ isConnected, heardAtSeconds, state }: Frame): void {
  const pill = byId('connection');
  const silent = state?.keeper.state === 'silent';
  document.body.classList.toggle('lost', !isConnected && heardAtSeconds !== null);
  pill.className = `connection ${isConnected ? (silent ? 'late' : 'on') : 'off'}`;
  const lost = heardAtSeconds === null ? '' : ` ${age(now() - heardAtSeconds)}`;
  const text = isConnected
    ? 'live'
    : heardAtSeconds === null
      ? 'connecting'
      : `page disconnected${lost}; keeper state unknown`;
  const element = byId('connection-text');
  if (element.textContent === text) return;
  const wasLost = element.textContent?.startsWith('page disconnected');
  element.textContent = text;
  if (!isConnected && heardAtSeconds !== null && !wasLost)
    announce('page disconnected; keeper state unknown');
  if (isConnected && wasLost) announce('page connected again');
}

const KEEPER_WORDS: Readonly<Record<KeeperState, readonly [tone: string, word: string]>> = {
  running: ['good', 'running'],
  silent: ['bad', 'silent'],
  stopped: ['dim', 'stopped'],
  never: ['dim', 'not started'],
};

function strip(state: StateDocument) {
  const { keeper, head, vaults } = state;
  const [tone, word] = KEEPER_WORDS[keeper.state];
  const halted = vaults.filter((vault) => vault.state === 'halt' || vault.fault !== null).length;
  const beyond = vaults.filter((vault) => vault.state === 'beyond').length;
  const open = vaults.reduce((sum, { openOrders }) => sum + openOrders.length, 0);
  const need = halted + beyond;
  return html`${fact('Keeper', html`<span class="badge ${tone}">${word}</span>`, keeperWords(state))}
${fact('Needs you', needWords(need, vaults.length, keeper.state), `${halted} halted, ${beyond} beyond its band`, need > 0 || keeper.state === 'silent' ? 'alarm' : '')}
${fact('Open orders', count(open), open === 0 ? 'nothing is on its way' : 'on their way')}
${fact('Newest block', head === null ? missing('no block was decided on yet') : count(Number(head.blockNumber)), head === null ? '' : html`${ago(head.atSeconds)} old`)}
${fact('Decisions', count(state.decisions), state.isComplete ? 'in the journal' : 'read so far, newest first')}
${state.fault === null ? '' : html`<div class="fault" role="alert"><dt>Journal</dt><dd>cannot be read: ${state.fault}</dd></div>`}`;
}

function needWords(need: number, of: number, keeper: KeeperState): string {
  if (need > 0) return `${need} of ${of} vaults`;
  return keeper === 'silent' ? 'the keeper' : 'nothing';
}

function keeperWords({ keeper }: StateDocument): Content {
  const { state, lastDecisionAtSeconds, expectedSeconds, note } = keeper;
  if (state === 'stopped' && note?.endedAtSeconds != null) return html`ended ${ago(note.endedAtSeconds)} ago`;
  if (lastDecisionAtSeconds === null) return 'no decision yet';
  const expected = expectedSeconds === null ? '' : ` (expected ${age(expectedSeconds)})`;
  if (state === 'silent') return html`no decision for ${ago(lastDecisionAtSeconds)}${expected}`;
  return html`last decision ${ago(lastDecisionAtSeconds)} ago`;
}

function fact(name: string, value: Content, beneath: Content, tone = '') {
  return html`<div class="${tone}"><dt>${name}</dt><dd>${value}</dd><dd class="beneath">${beneath}</dd></div>`;
}
