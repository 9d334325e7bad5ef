import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isKnownHost, needsToken } from '../../../src/dashboard/http/guard.ts';
import type { Dashboard } from '../../../src/dashboard/server.ts';
import { ownFolder, serveJournal } from '../../support/dashboard.ts';
import { writeLongJournal } from '../../support/longJournal.ts';

const TOKEN = 'a-token-of-some-thirty-letters';
const folder = ownFolder();
const path = `${folder.path}/journal.sqlite`;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A request with headers of one's own: fetch does not let the host be named. */
function ask(
  { port }: Dashboard,
  target: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, path: target, method, headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    asking.on('error', reject);
    asking.end();
  });
}

describe('who may ask', () => {
  const loopback = { host: '127.0.0.1', allowedHosts: [], token: null };
  const open = { host: '0.0.0.0', allowedHosts: ['vaults.example.org'], token: TOKEN };

  it('knows its own names and those that it was told, and nobody else’s', () => {
    for (const host of ['localhost:8787', '127.0.0.1:8787', '[::1]:8787', 'localhost'])
      expect(isKnownHost(host, loopback)).toBe(true);
    for (const host of ['evil.example:8787', '192.168.1.7:8787', 'localhost.evil.example', '', undefined])
      expect(isKnownHost(host, loopback)).toBe(false);
    for (const host of ['vaults.example.org', 'VAULTS.example.org:443', '192.168.1.7:8787', 'localhost:1'])
      expect(isKnownHost(host, open)).toBe(true);
    expect(isKnownHost('evil.example', open)).toBe(false);
  });

  it('needs a token as soon as anybody else could ask, behind a proxy too', () => {
    expect(needsToken({ host: '127.0.0.1', allowedHosts: [] })).toBe(false);
    expect(needsToken({ host: '::1', allowedHosts: ['localhost'] })).toBe(false);
    expect(needsToken({ host: '0.0.0.0', allowedHosts: [] })).toBe(true);
    expect(needsToken({ host: '10.0.0.4', allowedHosts: [] })).toBe(true);
    expect(needsToken({ host: '127.0.0.1', allowedHosts: ['vaults.example.org'] })).toBe(true);
  });
});

describe('the dashboard’s server', () => {
  let dashboard: Dashboard;
  const plain = 'hunter2-is-a-secret-word';

  beforeAll(async () => {
    await writeLongJournal({ path, decisions: 400, relays: [plain] });
    dashboard = await serveJournal(path, { secrets: [plain] });
  });

  afterAll(async () => {
    await dashboard.close();
    folder.remove();
  });

  it('does not start where others could ask and there is no token, or a short one', async () => {
    await expect(serveJournal(path, { host: '0.0.0.0' })).rejects.toMatchObject({ code: 'TOKEN_MISSING' });
    await expect(serveJournal(path, { allowedHosts: ['vaults.example.org'] })).rejects.toMatchObject({
      code: 'TOKEN_MISSING',
    });
    await expect(serveJournal(path, { host: '0.0.0.0', token: 'short' })).rejects.toMatchObject({
      code: 'TOKEN_TOO_SHORT',
    });
  });

  it('gives data to nobody without the token, and the empty page to everybody', async () => {
    const guarded = await serveJournal(path, { token: TOKEN, host: '0.0.0.0' });
    const endpoints = [
      'state',
      'events',
      'decisions',
      'decisions/d-1',
      'orders',
      'system',
      'research',
      'nothing',
    ];
    for (const name of endpoints) {
      expect((await ask(guarded, `/api/${name}`)).status).toBe(401);
      expect((await ask(guarded, `/api/${name}`, { authorization: 'Bearer wrong' })).status).toBe(401);
      expect((await ask(guarded, `/api/${name}?token=${TOKEN}`)).status).toBe(401);
    }
    const { status, body } = await ask(guarded, '/api/state', { authorization: `Bearer ${TOKEN}` });
    expect(status).toBe(200);
    expect(body).not.toContain(TOKEN);
    const page = await ask(guarded, '/');
    expect(page.status).toBe(200);
    expect(page.body).not.toContain('eth-calls');
    await guarded.close();
  });

  it('answers reading alone', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      expect((await ask(dashboard, '/api/state', {}, method)).status).toBe(405);
  });

  it('refuses a host that is not its own, whatever is asked', async () => {
    for (const target of ['/', '/api/state', '/assets/dashboard.js']) {
      const { status, body } = await ask(dashboard, target, { host: 'evil.example' });
      expect(status).toBe(403);
      expect(body).not.toContain('eth-calls');
    }
  });

  it('lets a page load and run only what is its own, on every answer', async () => {
    for (const target of ['/', '/api/state', '/nothing', '/assets/dashboard.css']) {
      const { headers } = await ask(dashboard, target);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("style-src 'self'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('hides what is secret in whatever it says, and never gives signed bytes out', async () => {
    const [order] = JSON.parse((await ask(dashboard, '/api/orders')).body) as { id: string }[];
    expect(order).toBeDefined();
    const targets = ['state', 'system', 'vaults/eth-calls', `orders/${encodeURIComponent(order!.id)}`];
    for (const target of targets) {
      const { status, body } = await ask(dashboard, `/api/${target}`);
      expect(status).toBe(200);
      expect(body).not.toContain(plain);
      expect(body).not.toContain('5e5e5e5e5e5e');
      expect(body).not.toContain('rawTransaction');
    }
  });

  it('says 404 for what the journal does not have', async () => {
    for (const target of [
      'vaults/none',
      'vaults/none/series',
      'orders/none',
      'decisions/d-999999',
      'decisions/x',
    ])
      expect((await ask(dashboard, `/api/${target}`)).status).toBe(404);
  });
});
