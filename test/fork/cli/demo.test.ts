import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/runtime/config/load.ts';
import { registry } from '../../../src/runtime/registry.ts';
import { ballast } from '../../support/cli.ts';

describe('ballast demo', () => {
  it('hedges through the relay, keeps most of the risk out, and leaves nothing running', async () => {
    const startedAt = Date.now();
    const { code, stdout, stderr, leftOver } = await ballast(['demo', '--json']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(leftOver).toEqual([]);
    expect(Date.now() - startedAt).toBeLessThan(60_000);

    const report = JSON.parse(stdout);
    expect(Object.keys(report)).toEqual([
      'blocks',
      'decisions',
      'hedges',
      'netDelta',
      'pnl',
      'maxDrawdown',
      'stdDev',
      'publicMempoolSightings',
    ]);
    expect(report.blocks).toBeGreaterThanOrEqual(60);
    expect(report.decisions).toBeGreaterThanOrEqual(60);
    expect(report.hedges.length).toBeGreaterThanOrEqual(5);
    for (const hedge of report.hedges) {
      expect(Object.keys(hedge)).toEqual([
        'block',
        'side',
        'amountBase',
        'legs',
        'txHash',
        'relay',
        'slippageBps',
        'costQuote',
        'gasQuote',
      ]);
      expect(hedge.txHash).toMatch(/^0x[0-9a-f]{64}$/);
      expect(hedge.relay).toBe('devRelay');
      expect(hedge.gasQuote).toBeGreaterThan(0);
      expect(hedge.slippageBps).toBeLessThan(150);
    }
    expect(new Set(report.hedges.map((hedge: { txHash: string }) => hedge.txHash)).size).toBe(
      report.hedges.length,
    );
    expect(Math.abs(report.netDelta.start)).toBeGreaterThan(50);
    expect(Math.abs(report.netDelta.end)).toBeLessThan(4);
    expect(report.maxDrawdown.hedged).toBeLessThan(0.4 * report.maxDrawdown.unhedged);
    expect(report.stdDev.hedged).toBeLessThan(0.4 * report.stdDev.unhedged);
    expect(report.pnl.unhedged).toBeLessThan(0);
    expect(report.publicMempoolSightings).toBe(0);
  });

  it('shows a line for every decision and where the result came from, at most 80 columns wide', async () => {
    const { code, stdout } = await ballast(['demo', '--seed', '3']);
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.filter((line) => /^ +\d+ .* (hold|hedge) /.test(line)).length).toBeGreaterThanOrEqual(60);
    const quoteOf = (name: string) => {
      const line = lines.find((text) => text.startsWith(name)) ?? '';
      return Number((/([+−][\d,.]+)/.exec(line)?.[1] ?? 'NaN').replace('−', '-').replaceAll(',', ''));
    };
    const parts = [
      'options',
      'Uniswap range',
      'tokens and',
      'hedges, before',
      'pool fees',
      'price impact',
      'gas',
    ];
    const sum = parts.map(quoteOf).reduce((total, part) => total + part, 0);
    expect(sum).toBeCloseTo(quoteOf('together'), 0);
    expect(quoteOf('together')).toBeCloseTo(quoteOf('profit and loss'), 0);
    expect(stdout).not.toContain('\u001b');
  });

  it('ends with everything it started when it is interrupted', async () => {
    const { code, leftOver } = await ballast(['demo'], {
      interruptWhen: (stdout) => stdout.includes('ready'),
    });
    expect(code).toBe(1);
    expect(leftOver).toEqual([]);
  });
});

describe('ballast devnet', () => {
  it('writes a config for its vault, says how to use it, and ends when interrupted', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ballast-devnet-'));
    try {
      const args = ['devnet', '--write-config', 'ballast.yaml', '--price', '2500'];
      const { code, stdout, leftOver } = await ballast(args, {
        cwd: folder,
        interruptWhen: (text) => text.includes('next'),
      });
      expect(code).toBe(0);
      expect(leftOver).toEqual([]);
      expect(stdout).toMatch(/export BALLAST_KEY=0x[0-9a-f]{64}\nexport BALLAST_IDENTITY=0x[0-9a-f]{64}/);
      const text = await readFile(join(folder, 'ballast.yaml'), 'utf8');
      const { vaults } = parseConfig('ballast.yaml', text, { registry, environment: () => undefined });
      expect(vaults.map(({ name }) => name)).toEqual(['eth-strangle']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
