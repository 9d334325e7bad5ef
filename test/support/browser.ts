import chromium from '@sparticuz/chromium';
import { type Browser, chromium as driver } from 'playwright-core';

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
