import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pageAssets, sourceHash } from '../../../../src/runtime/report/writeReport.ts';

const root = join(import.meta.dirname, '../../../..');

describe('what a report’s page brings along', () => {
  it('is made of page/report as it stands', () => {
    const said = execFileSync(join(root, 'node_modules/.bin/tsx'), ['scripts/page.ts', '--check'], {
      cwd: root,
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(said).toContain('match page/report');
  });

  it('has uPlot with its licence, and no text that would end its element', () => {
    const { styles, scripts, licences } = pageAssets();
    expect(scripts[1]).toContain('uPlot');
    expect(licences).toContain('MIT');
    for (const source of [...styles, ...scripts]) expect(source).not.toMatch(/<\/(?:script|style)/i);
  });

  it('is named by hashes as a content security policy wants them', () => {
    expect(sourceHash('')).toBe('sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=');
  });
});
