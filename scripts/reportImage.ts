/**
 * Makes the README's picture of a report, in a real browser: the result and the first two charts over time.
 *
 *   ballast backtest --html report.html && tsx scripts/reportImage.ts report.html
 */
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startBrowser } from '../test/support/browser.ts';

const picture = join(import.meta.dirname, '../docs/images/backtest-report.png');
const WIDTH = 1_200;
const MARGIN = 24;
/** What the picture leaves out. */
const LEFT_OUT = [
  'nav',
  '.limits',
  '#assumptions',
  '#policies',
  '#frontier',
  '.chart:has([data-chart="cost"])',
];

const file = process.argv[2];
if (file === undefined) {
  console.error('which report?\n  do: tsx scripts/reportImage.ts report.html');
  process.exit(2);
}
const browser = await startBrowser();
try {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 1_500 }, colorScheme: 'light' });
  await page.goto(pathToFileURL(resolve(file)).href);
  await page.waitForFunction("document.querySelectorAll('.uplot canvas').length === 4");
  for (const selector of LEFT_OUT) {
    await page.evaluate(`document.querySelector(${JSON.stringify(selector)}).hidden = true`);
  }
  await page.mouse.move(0, 0);
  const chart = (await page.locator('[data-chart="price"] .u-over').boundingBox())!;
  await page.mouse.move(chart.x + 0.62 * chart.width, chart.y + 0.5 * chart.height);
  const last = (await page.locator('.chart:has([data-chart="delta"])').boundingBox())!;
  const height = Math.ceil(last.y + last.height + MARGIN);
  await page.screenshot({ path: picture, clip: { x: 0, y: 0, width: WIDTH, height } });
} finally {
  await browser.close();
}
console.log(`report: ${picture}`);
