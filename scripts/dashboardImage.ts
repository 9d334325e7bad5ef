/**
 * Makes the README's picture of the dashboard, in a real browser, over a demo that is being watched.
 *
 *   ballast demo --watch        and after a minute, in another window:
 *   tsx scripts/dashboardImage.ts http://127.0.0.1:8787
 */
import { join } from 'node:path';
import { startBrowser } from '../test/support/browser.ts';

const picture = join(import.meta.dirname, '../docs/images/dashboard.png');
const WIDTH = 1_200;
const HEIGHT = 1_010;

const address = process.argv[2];
if (address === undefined) {
  console.error('which dashboard?\n  do: tsx scripts/dashboardImage.ts http://127.0.0.1:8787');
  process.exit(2);
}
const browser = await startBrowser();
try {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT }, colorScheme: 'light' });
  await page.goto(`${address}/#/`);
  const vault = await page.locator('.vault-link').first().getAttribute('href');
  await page.goto(`${address}/${vault}`);
  await page.waitForSelector('#profit .bars', { state: 'attached' });
  const chart = (await page.locator('[data-chart="delta"] .u-over').boundingBox())!;
  await page.mouse.move(chart.x + 0.7 * chart.width, chart.y + 0.5 * chart.height);
  await page.screenshot({ path: picture });
} finally {
  await browser.close();
}
console.log(`dashboard: ${picture}`);
