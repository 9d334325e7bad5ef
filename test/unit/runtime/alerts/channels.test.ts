import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { slack, telegram, webhook } from '../../../../src/adapters/alerts/index.ts';
import type { AlertChannel } from '../../../../src/ports/alertChannel.ts';
import { createDispatcher, type DeliveryLimits } from '../../../../src/runtime/alerts/dispatcher.ts';
import { createHeartbeat } from '../../../../src/runtime/alerts/heartbeat.ts';
import { type AlertMemory, fileMemory, noMemory } from '../../../../src/runtime/alerts/memory.ts';
import { systemClock } from '../../../../src/runtime/clock.ts';
import { createRedactor } from '../../../../src/runtime/log/redact.ts';
import { type LocalServer, startLocalServer } from '../../../support/localServer.ts';
import { secretsOf } from '../../../support/secrets.ts';

const limits: DeliveryLimits = { timeoutMs: 300, retryMs: [10, 10], mostWaiting: 3, closeMs: 2_000 };
const silent = { debug() {}, info() {}, warn() {}, error() {} };

let server: LocalServer;
beforeEach(async () => {
  server = await startLocalServer();
});
afterEach(() => server.stop());

const open = (kind: 'webhook' | 'slack' | 'telegram'): AlertChannel => {
  const secrets = secretsOf({
    URL: `${server.url}/hook/tok-123`,
    TOKEN: '42:tok-123',
    AUTH: 'Bearer tok-123',
  });
  const tools = { fetch: globalThis.fetch, secrets };
  if (kind === 'webhook') return webhook.open({ urlVariable: 'URL', authorizationVariable: 'AUTH' }, tools);
  if (kind === 'slack') return slack.open({ webhookVariable: 'URL' }, tools);
  return telegram.open({ tokenVariable: 'TOKEN', chatId: '-7', apiUrl: server.url }, tools);
};

function dispatcher(
  channels: readonly AlertChannel[],
  failures: string[] = [],
  lines: unknown[] = [],
  memory: AlertMemory = noMemory,
) {
  const log = { ...silent, warn: (facts: object, text: string) => void lines.push({ ...facts, text }) };
  return createDispatcher({
    channels: channels.map((channel, index) => ({
      name: `c${index}`,
      rules: null,
      atLeast: 'warning' as const,
      quietSeconds: 3_600,
      quietHours: null,
      channel,
    })),
    source: 'ballast live, chain 1',
    clock: systemClock,
    log,
    redact: createRedactor(),
    onFailure: (channel) => failures.push(channel),
    memory,
    limits,
  });
}
const topic = { rule: 'halted', subject: 'eth-calls' } as const;

describe('a keeper that starts again', () => {
  const raise = (alerts: ReturnType<typeof dispatcher>) =>
    alerts.send('critical', 'eth-calls halted: failures', {}, topic);
  const end = (alerts: ReturnType<typeof dispatcher>) =>
    alerts.send('info', 'eth-calls goes on', {}, { ...topic, isOver: true });
  const told = () => server.asked.map(({ body }) => (JSON.parse(body) as { status: string }).status);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-alerts-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const again = (channel: AlertChannel, lines: unknown[] = []) =>
    dispatcher(
      [channel],
      [],
      lines,
      fileMemory(join(folder, 'alerts'), { ...silent, warn: (facts) => void lines.push(facts) }),
    );

  it('does not tell again what lasts within its quiet time, and tells its end', async () => {
    const first = again(open('webhook'));
    raise(first);
    await first.close();
    const second = again(open('webhook'));
    raise(second);
    await second.close();
    expect(told()).toEqual(['raised']);
    const third = again(open('webhook'));
    end(third);
    end(third);
    await third.close();
    expect(told()).toEqual(['raised', 'recovered']);
    const fourth = again(open('webhook'));
    end(fourth);
    raise(fourth);
    await fourth.close();
    expect(told()).toEqual(['raised', 'recovered']);
  });

  it('tells again what a channel never took', async () => {
    const refusing: AlertChannel = { send: () => Promise.reject(new Error('refused')) };
    const first = again(refusing);
    raise(first);
    await first.close();
    const second = again(open('webhook'));
    raise(second);
    await second.close();
    expect(told()).toEqual(['raised']);
  });

  it.each(['no JSON', '{"c0":[["halted eth-calls",null]]}', '[1]'])(
    'tells again where its memory is lost: %s',
    async (text) => {
      writeFileSync(join(folder, 'alerts'), text);
      const lines: unknown[] = [];
      const alerts = again(open('webhook'), lines);
      raise(alerts);
      await alerts.close();
      expect(told()).toEqual(['raised']);
      expect(lines).toContainEqual(expect.objectContaining({ file: join(folder, 'alerts') }));
    },
  );
});

describe('a message', () => {
  it('reaches a webhook as JSON, with its authorization', async () => {
    const alerts = dispatcher([open('webhook')]);
    alerts.send('critical', 'eth-calls halted: failures', { why: 'three reverts' }, topic);
    alerts.send('info', 'eth-calls goes on', {}, { ...topic, isOver: true });
    await alerts.close();
    expect(server.asked.map(({ path }) => path)).toEqual(['/hook/tok-123', '/hook/tok-123']);
    expect(server.asked[0]?.headers.authorization).toBe('Bearer tok-123');
    expect(server.asked.map(({ body }) => JSON.parse(body))).toMatchObject([
      {
        schema: 1,
        rule: 'halted',
        subject: 'eth-calls',
        severity: 'critical',
        status: 'raised',
        facts: { why: 'three reverts' },
      },
      { status: 'recovered', title: 'eth-calls goes on' },
    ]);
  });
  it('reaches Slack as text, with nothing in it that Slack would read as markup', async () => {
    const alerts = dispatcher([open('slack')]);
    alerts.send('warning', 'a <b> & c', {}, topic);
    await alerts.close();
    expect(JSON.parse(server.asked[0]?.body ?? '').text).toMatch(/^\[warning\] a &lt;b&gt; &amp; c\n/);
  });
  it('reaches a Telegram chat', async () => {
    const alerts = dispatcher([open('telegram')]);
    alerts.send('critical', 'x'.repeat(5_000), {}, topic);
    await alerts.close();
    expect(server.asked[0]?.path).toBe('/bot42:tok-123/sendMessage');
    const { chat_id, text } = JSON.parse(server.asked[0]?.body ?? '');
    expect(chat_id).toBe('-7');
    expect(text).toHaveLength(4_096);
  });
});

describe('a channel that', () => {
  it.each([500, 404, 'disconnect', 'hang'] as const)(
    'answers %s is tried three times, counted, and its secret told to nobody',
    async (manner) => {
      server.manner = manner;
      const failures: string[] = [];
      const lines: unknown[] = [];
      const alerts = dispatcher([open('telegram')], failures, lines);
      alerts.send('critical', 'title', {}, topic);
      await alerts.close();
      expect(server.asked).toHaveLength(3);
      expect(failures).toEqual(['c0']);
      expect(JSON.stringify(lines)).not.toMatch(/tok-123/);
    },
  );
  it('hangs for ever, whatever it is told, holds up neither the sender nor another channel', async () => {
    const deaf: AlertChannel = { send: () => new Promise(() => {}) };
    const failures: string[] = [];
    const alerts = dispatcher([deaf, open('webhook')], failures);
    for (let index = 0; index < 50; index += 1)
      alerts.send('critical', 'title', {}, { ...topic, subject: `vault-${index}` });
    await alerts.close();
    // One on its way, three waiting; the others were given up at once, in both queues.
    expect(server.asked.length).toBeGreaterThanOrEqual(4);
    expect(failures.filter((name) => name === 'c0').length).toBeGreaterThanOrEqual(46);
  });
  it('throws at once does no harm', async () => {
    const failures: string[] = [];
    const broken: AlertChannel = {
      send: () => {
        throw new Error('broken');
      },
    };
    const alerts = dispatcher([broken], failures);
    alerts.send('critical', 'title', {}, topic);
    await alerts.close();
    expect(failures).toEqual(['c0']);
  });
  it('lacks its secret does not open', () => {
    const tools = { fetch: globalThis.fetch, secrets: secretsOf({}) };
    expect(() => slack.open({ webhookVariable: 'NOT_SET' }, tools)).toThrow(/NOT_SET .* is not set/);
  });
});

describe('the heartbeat', () => {
  const settled = () => new Promise((resolve) => setTimeout(resolve, 100));
  it('calls its address no more often than it was told to', async () => {
    let nowSeconds = 0;
    const clock = { nowSeconds: () => nowSeconds, sleep: systemClock.sleep };
    const heart = createHeartbeat(`${server.url}/beat`, 60, { fetch, clock, log: silent });
    for (const at of [0, 12, 59, 60, 61]) {
      nowSeconds = at;
      heart.beat();
      await settled();
    }
    expect(server.asked).toHaveLength(2);
  });
  it('goes on where the clock is set back, as often as it was told to', async () => {
    let nowSeconds = 0;
    const clock = { nowSeconds: () => nowSeconds, sleep: systemClock.sleep };
    const heart = createHeartbeat(`${server.url}/beat`, 60, { fetch, clock, log: silent });
    for (const at of [7_200, 3_600, 3_612, 3_660]) {
      nowSeconds = at;
      heart.beat();
      await settled();
    }
    expect(server.asked).toHaveLength(3);
  });
  it('tries again with the next beat where it was not taken, and never waits', async () => {
    server.manner = 503;
    const clock = { nowSeconds: () => 0, sleep: systemClock.sleep };
    const heart = createHeartbeat(`${server.url}/beat`, 60, { fetch, clock, log: silent });
    heart.beat();
    heart.beat();
    await settled();
    server.manner = 200;
    heart.beat();
    await settled();
    heart.beat();
    await settled();
    expect(server.asked).toHaveLength(2);
  });
});
