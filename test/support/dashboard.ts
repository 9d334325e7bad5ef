import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openDashboard } from '../../src/dashboard/configured.ts';
import type { Dashboard } from '../../src/dashboard/server.ts';
import type { Config } from '../../src/runtime/config/schema.ts';
import type { KeeperHealth } from '../../src/runtime/keeper/keeperHealth.ts';
import { createLog } from '../../src/runtime/log/log.ts';
import { createRedactor } from '../../src/runtime/log/redact.ts';
import { systemTools } from '../../src/runtime/worlds/tools.ts';

/** A folder of a test's own, with the way to be rid of it. */
export function ownFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'ballast-dashboard-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export interface ServedOptions {
  readonly config?: Config;
  readonly configFile?: string;
  readonly reports?: string;
  readonly host?: string;
  readonly token?: string;
  readonly allowedHosts?: readonly string[];
  /** What is hidden in everything that leaves the server. */
  readonly secrets?: readonly string[];
  /** What a keeper beside it would know. */
  readonly health?: () => KeeperHealth;
}

/** The dashboard over a journal file, on a port of its own. */
export function serveJournal(path: string, options: ServedOptions = {}): Promise<Dashboard> {
  const redactor = createRedactor();
  for (const secret of options.secrets ?? []) redactor.learn(secret);
  const { config = null, configFile = null, reports, token = null, allowedHosts = [], health } = options;
  return openDashboard(
    {
      journal: { kind: 'sqlite', config: { path, readOnly: true } },
      config,
      configFile,
      ...(reports === undefined ? {} : { reports }),
      tools: systemTools(createLog(redactor, 'silent'), redactor, null),
      redactor,
      ...(health === undefined ? {} : { health }),
    },
    { host: options.host ?? '127.0.0.1', port: 0, allowedHosts, token },
  );
}

/** How a page is looked at. */
export interface Look {
  readonly width?: number;
  readonly height?: number;
}

/** A page that is open, with all that it said and asked for. */
export interface OpenedPage {
  readonly page: Page;
  /** Errors, and everything that it said to the console. */
  readonly said: string[];
  /** Hosts that were asked for anything. */
  readonly hosts: Set<string>;
}

/** Opens one of the dashboard's pages and waits until it shows something. */
export async function openPage(
  browser: Browser,
  address: string,
  { width = 1_280, height = 900 }: Look = {},
): Promise<OpenedPage> {
  const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' });
  page.setDefaultTimeout(30_000);
  const said: string[] = [];
  const hosts = new Set<string>();
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  await page.goto(address);
  await page.waitForSelector('main h1', { state: 'attached' });
  return { page, said, hosts };
}

const UNTIL_MILLISECONDS = 30_000;
const LOOK_EVERY_MILLISECONDS = 50;

/** Waits until an expression is true in a page; by the browser's own protocol, since the page's policy forbids evaluating text. */
export async function until(page: Page, expression: string): Promise<void> {
  const deadline = performance.now() + UNTIL_MILLISECONDS;
  while (!(await page.evaluate(expression))) {
    if (performance.now() > deadline) throw new Error(`never true: ${expression}`);
    await page.waitForTimeout(LOOK_EVERY_MILLISECONDS);
  }
}

/** The text of the first element that a selector finds. */
export async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).first().textContent()) ?? '';
}
