import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, html, jsonMarkup } from '../../../../src/report/html/markup.ts';

const hostile = '</script><img src=x onerror="alert(1)">&\'';

describe('markup', () => {
  it('escapes whatever is put into a template, in text and in attributes', () => {
    expect(html`<b title="${hostile}">${hostile}</b>`.text).toBe(
      '<b title="&lt;/script&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&#39;">&lt;/script&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&#39;</b>',
    );
  });

  it('puts markup into markup as it is, and lists one after the other', () => {
    expect(html`<ul>${['a', '<'].map((text) => html`<li>${text}</li>`)}</ul>`.text).toBe(
      '<ul><li>a</li><li>&lt;</li></ul>',
    );
  });

  it('leaves nothing behind where there is nothing', () => {
    expect(html`a${null}${undefined}${false}${''}b${0}`.text).toBe('ab0');
  });

  it('lets no text end an attribute or an element', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"']/);
      }),
    );
  });

  it('writes data that no text can end the element of, and that reads the same again', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constant(`${hostile}\u2028<!--`)), (text) => {
        const written = jsonMarkup({ text }).text;
        expect(written).not.toContain('<');
        expect(JSON.parse(written)).toEqual({ text });
      }),
    );
  });
});
