import { type ChildProcess, spawn } from 'node:child_process';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { ballastCommand } from '../support/cli.ts';
import { openPage, textOf, until } from '../support/dashboard.ts';

const START_MILLISECONDS = 120_000;

let browser: Browser;
let demo: ChildProcess;
let printed = '';

/** The address that the demo prints. */
async function addressOf(): Promise<string> {
  const deadline = performance.now() + START_MILLISECONDS;
  while (performance.now() < deadline) {
    const url = /dashboard\s+(http:\/\/127\.0\.0\.1:\d+)/.exec(printed)?.[1];
    if (url !== undefined) return url;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the demo printed no address: ${printed}`);
}

beforeAll(async () => {
  demo = spawn(process.execPath, [...ballastCommand, 'demo', '--watch', '--dashboard-port', '0'], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  demo.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  demo.stderr?.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  if (demo.exitCode === null) demo.kill('SIGKILL');
});

describe('demo --watch', () => {
  it('keeps a vault on a devnet and shows it live, with what it is over every page', async () => {
    const url = await addressOf();
    const { page, said, hosts } = await openPage(browser, `${url}/#/vaults/eth-strangle`);
    expect(await page.title()).toMatch(/^DEMO · /);
    expect(await textOf(page, '#banner')).toContain('replica');
    await until(page, "document.querySelector('#now .reason a') !== null");
    const decision = () => page.locator('#now .reason a').getAttribute('href');
    const before = await decision();
    await until(
      page,
      `document.querySelector('#now .reason a').getAttribute('href') !== ${JSON.stringify(before)}`,
    );
    await until(page, 'document.querySelector(\'[data-chart="price"] canvas\') !== null');
    await page.goto(`${url}/#/orders`);
    await until(page, "/filled|final/.test(document.querySelector('main').textContent)");
    await page.locator('main tbody a[href*="orders"]').last().click();
    await page.waitForSelector('.timeline');
    expect(await textOf(page, '.timeline')).toContain('devRelay: accepted');
    expect(said).toEqual([]);
    expect([...hosts]).toEqual([new URL(url).host]);

    const ended = new Promise<number | null>((resolve) => demo.once('close', resolve));
    demo.kill('SIGINT');
    expect(await ended).toBe(0);
    await until(
      page,
      "document.getElementById('connection-text').textContent.startsWith('page disconnected')",
    );
    await page.close();
  });
});
