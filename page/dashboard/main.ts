import '../report/report.css';
import './dashboard.css';
import type { StateDocument } from '../../src/dashboard/documents.ts';
import { html } from '../../src/report/html/markup.ts';
import { announce } from '../report/announce.ts';
import type { Page, Surroundings } from './page.ts';
import { now, setServerClock, startAges } from './parts/ages.ts';
import { ApiError, get, setToken } from './parts/api.ts';
import { byId, show } from './parts/dom.ts';
import { showConnection, showFrame } from './parts/frame.ts';
import { listen } from './parts/live.ts';
import { followTips } from './parts/tips.ts';
import { openPage } from './routes.ts';

/** A page that takes longer than this says so. */
const SKELETON_MILLISECONDS = 300;

let state: StateDocument | null = null;
let isConnected = false;
let heardAtSeconds: number | null = null;
let page: Page | null = null;
let isRefreshing = false;
let isStale = false;

const main = byId('main');
const route = () => location.hash || '#/';
const frame = () => ({
  state,
  isConnected,
  heardAtSeconds,
  title: page?.title ?? 'Ballast',
  route: route(),
});

const surroundings: Surroundings = {
  main,
  state: () => state,
  fail: (error) => fail(error),
};

/** Asks for what is new and shows it; while that goes on, more news wait for the next turn. */
async function refresh(): Promise<void> {
  isStale = true;
  if (isRefreshing) return;
  isRefreshing = true;
  try {
    while (isStale) {
      isStale = false;
      const before = state;
      state = await get<StateDocument>('state');
      setServerClock(state.nowSeconds);
      tell(before, state);
      await page?.refresh();
      showFrame(frame());
    }
  } catch (error) {
    fail(error);
  } finally {
    isRefreshing = false;
  }
}

/** What a listener has to know at once: a vault that halted, a keeper that fell silent. */
function tell(before: StateDocument | null, after: StateDocument): void {
  if (before === null) return;
  const halted = (document: StateDocument) => document.vaults.filter((vault) => vault.state === 'halt');
  const known = new Set(halted(before).map(({ name }) => name));
  const news = halted(after).filter(({ name }) => !known.has(name));
  for (const { name, decision } of news) announce(`${name} is halted: ${decision?.why ?? ''}`);
  if (after.keeper.state === 'silent' && before.keeper.state !== 'silent') announce('the keeper is silent');
}

function fail(error: unknown): void {
  if (error instanceof ApiError && error.status === 401) {
    askToken();
    return;
  }
  if (error instanceof ApiError && error.status === 0) return;
  const why = error instanceof Error ? error.message : String(error);
  const isMissing = error instanceof ApiError && error.status === 404;
  show(
    main,
    html`<h1>${isMissing ? 'Not in this journal' : 'This page cannot be shown'}</h1><div class="nothing"><p>${why}</p><p><a href="#/">Back to the fleet</a></p></div>`,
  );
}

function askToken(): void {
  const isNew = show(
    main,
    html`<h1>A token is needed</h1><form id="token-form" class="nothing"><p><label for="token">This dashboard is open to other machines, so it asks for the token that it was started with.</label></p><p><input id="token" type="password" autocomplete="off" required> <button>Open</button></p></form>`,
  );
  if (!isNew) return;
  byId('token').focus();
  byId('token-form').addEventListener('submit', (event) => {
    event.preventDefault();
    setToken((byId('token') as HTMLInputElement).value);
    dispatchEvent(new Event('ballast:token'));
    void go();
  });
}

/** Shows the page that the address names. */
async function go(): Promise<void> {
  page?.close();
  page = openPage(route(), surroundings);
  const opened = page;
  const timer = setTimeout(() => {
    if (page === opened && main.childElementCount === 0)
      show(main, html`<div class="skeleton" role="status"><span>reading the journal…</span></div>`);
  }, SKELETON_MILLISECONDS);
  try {
    if (state === null) {
      state = await get<StateDocument>('state');
      setServerClock(state.nowSeconds);
    }
    showFrame(frame());
    await opened.open();
    if (page === opened) showFrame(frame());
  } catch (error) {
    if (page === opened) fail(error);
  } finally {
    clearTimeout(timer);
  }
}

addEventListener('hashchange', () => {
  void go().then(() => {
    scrollTo(0, 0);
    if (!document.activeElement?.closest('.decisions')) main.focus({ preventScroll: true });
  });
});
followTips();
startAges(() => showConnection(frame()));
void go();
void listen({
  onNews: () => void refresh(),
  onConnection: (connected) => {
    if (connected) heardAtSeconds = now();
    const changed = connected !== isConnected;
    isConnected = connected;
    if (changed) showConnection(frame());
  },
  onTokenNeeded: askToken,
});
