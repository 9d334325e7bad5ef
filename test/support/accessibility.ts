import type { Page } from 'playwright-core';

/**
 * What a page lacks for those who do not see it, or see it badly: names of what can be used, captions and headings of tables,
 * order of headings, ids that are there once, and text whose contrast is below 4.5 (3 where it is large), by the colours that
 * the browser computed. Empty where nothing is wrong.
 */
export async function barriersOf(page: Page): Promise<readonly string[]> {
  return (await page.evaluate(lookForBarriers)) as readonly string[];
}

/** Whether the page stands on a dark ground. */
export async function isDark(page: Page): Promise<boolean> {
  const ground = (await page.evaluate('getComputedStyle(document.body).backgroundColor')) as string;
  const parts = (ground.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
  return Math.max(...parts) < 64;
}

/** Runs in the browser, as text: the types of the tests know no document. */
const lookForBarriers = `(() => {
  const found = [];
  const isShown = (one) => one.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const where = (one) => one.tagName.toLowerCase() + (one.id ? '#' + one.id : '') + ' "' + one.textContent.trim().slice(0, 30) + '"';
  const all = (selector) => [...document.querySelectorAll(selector)].filter(isShown);
  const nameOf = (one) =>
    (one.getAttribute('aria-label') ?? '') +
    (one.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join('') +
    [...(one.labels ?? [])].map((label) => label.textContent).join('') +
    (one.querySelector(':scope > title')?.textContent ?? '') +
    (one.getAttribute('title') ?? '') +
    (['INPUT', 'SELECT'].includes(one.tagName) ? '' : one.textContent);
  for (const one of all('a[href], button, input, select, summary, [role=img], [tabindex="0"]'))
    if (nameOf(one).trim() === '') found.push('no name: ' + where(one));
  for (const one of all('svg:not([role]):not([aria-hidden])')) if (!one.closest('[aria-hidden], [role=img]')) found.push('a drawing that says nothing: ' + where(one.parentElement));
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  for (const id of ids.filter((one, index) => ids.indexOf(one) < index)) found.push('id twice: ' + id);
  for (const one of all('table')) {
    if (one.caption === null) found.push('no caption: ' + where(one));
    if (one.querySelector('thead th:not([scope]):not([aria-hidden])')) found.push('a column without scope: ' + where(one));
  }
  if (document.documentElement.lang === '') found.push('no language');
  if (document.title === '') found.push('no title');
  if (document.querySelectorAll('main').length !== 1) found.push('not one main');
  if (document.querySelectorAll('h1').length !== 1) found.push('not one h1');
  let level = 1;
  for (const one of all('h1, h2, h3, h4')) {
    const own = Number(one.tagName[1]);
    if (own > level + 1) found.push('a heading skips a level: ' + where(one));
    level = own;
  }
  const parts = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((part) => { const s = part / 255; return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const over = (top, below) => { const a = top[3] ?? 1; return [0, 1, 2].map((i) => top[i] * a + below[i] * (1 - a)); };
  const behind = (one) => {
    if (one === null) return [255, 255, 255];
    const own = parts(getComputedStyle(one).backgroundColor);
    return own.length < 3 || own[3] === 0 ? behind(one.parentElement) : (own[3] ?? 1) < 1 ? over(own, behind(one.parentElement)) : own;
  };
  for (const one of all('body *')) {
    const says = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
    if (!says || one.closest('svg, canvas, [aria-hidden=true]')) continue;
    const style = getComputedStyle(one);
    if (!style.color.startsWith('rgb')) continue;
    const back = behind(one);
    const front = over(parts(style.color), back);
    const [low, high] = [luminance(front), luminance(back)].sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) found.push('contrast ' + ratio.toFixed(2) + ': ' + where(one) + ' ' + style.color + ' on ' + back);
  }
  return [...new Set(found)];
})()`;
