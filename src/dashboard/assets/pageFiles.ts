import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { iconSvg, localeScript, pageHtml, pageScript, pageStyle } from './pageAssets.generated.ts';

/** A file that a browser is given. */
export interface PageFile {
  readonly path: string;
  readonly type: string;
  readonly body: string;
}

const SCRIPT = 'text/javascript; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';

/** Everything that the page is made of; uPlot as its package ships it. There is no secret in any of it. */
export function pageFiles(): readonly PageFile[] {
  const uplot = dirname(createRequire(import.meta.url).resolve('uplot/package.json'));
  const read = (path: string) => readFileSync(join(uplot, path), 'utf8');
  return [
    { path: '/', type: 'text/html; charset=utf-8', body: pageHtml },
    { path: '/assets/locale.js', type: SCRIPT, body: localeScript },
    { path: '/assets/uplot.js', type: SCRIPT, body: read('dist/uPlot.iife.min.js') },
    { path: '/assets/dashboard.js', type: SCRIPT, body: pageScript },
    { path: '/assets/uplot.css', type: STYLE, body: read('dist/uPlot.min.css') },
    { path: '/assets/dashboard.css', type: STYLE, body: pageStyle },
    { path: '/assets/icon.svg', type: 'image/svg+xml', body: iconSvg },
    { path: '/assets/licences.txt', type: 'text/plain; charset=utf-8', body: `uPlot\n\n${read('LICENSE')}` },
  ];
}
