import { type Content, html, Markup } from './markup.ts';

/** Hash of a style or script as a content security policy wants it: `sha256-…` with base64. */
export type SourceHash = (source: string) => string;

/** What a page that stands alone is made of. */
export interface StandalonePage {
  readonly title: string;
  /** What stands largest on the page. */
  readonly heading: string;
  /** The line below it. */
  readonly sub: string;
  /** The id that keyboards and screen readers skip to. */
  readonly skipTo: string;
  /** Items of the list of sections. */
  readonly links: Content;
  /** From `<main>` on. */
  readonly body: Markup;
  /** In order. */
  readonly styles: readonly string[];
  /** In order; empty where the page runs none. */
  readonly scripts: readonly string[];
}

/**
 * One HTML page that needs nothing else: its policy forbids every request, and allows the scripts and styles that are in it by
 * their hashes alone.
 *
 * @throws nothing; whatever is in its texts is escaped
 */
export function standalonePage(page: StandalonePage, hashOf: SourceHash): string {
  const { title, heading, sub, skipTo, links, body, styles, scripts } = page;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(page, hashOf)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
${styles.map((source) => html`<style>${new Markup(source)}</style>`)}
</head>
<body>
<a class="skip" href="#${skipTo}">Skip to the result</a>
<header>
<p class="brand">Ballast</p>
<h1>${heading}</h1>
<p class="sub">${sub}</p>
</header>
<nav aria-label="Sections"><ul>${links}</ul></nav>
${body}
${scripts.map((source) => html`<script>${new Markup(source)}</script>`)}
</body>
</html>
`.text;
}

function contentPolicy({ styles, scripts }: StandalonePage, hashOf: SourceHash): string {
  const hashes = (sources: readonly string[]) => sources.map((source) => `'${hashOf(source)}'`).join(' ');
  return [
    "default-src 'none'",
    ...(scripts.length === 0 ? [] : [`script-src ${hashes(scripts)}`]),
    `style-src ${hashes(styles)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
