import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as driver, type Page } from 'playwright-core';

const START_MILLISECONDS = 60_000;

/** A headless Chromium of its own, from npm; whoever starts it closes it. */
export async function startBrowser(): Promise<Browser> {
  return driver.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'],
    headless: true,
    timeout: START_MILLISECONDS,
  });
}

/** Keeps a picture in the folder `BALLAST_PICTURES`, where somebody wants to look at it. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.BALLAST_PICTURES;
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
