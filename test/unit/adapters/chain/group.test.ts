import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type EndpointGroup, openGroup } from '../../../../src/adapters/chain/endpoints/group.ts';
import { type AnsweringServer, reply, startAnsweringServer } from '../../../support/relayServer.ts';

const PROBATION_SECONDS = 0.05;
const MACHINE_TIME = Date.UTC(2026, 0, 1, 12);
const HOUR_MS = 3_600_000;
const block = {
  number: '0x10',
  hash: `0x${'ab'.repeat(32)}`,
  parentHash: `0x${'cd'.repeat(32)}`,
  timestamp: '0x6800',
  baseFeePerGas: '0x7',
};

let isBroken: boolean;
let servers: readonly AnsweringServer[];
let events: string[];
let group: EndpointGroup;

/** A node with one block, which fails while the test says so. */
const startNode = (mayBreak: boolean) =>
  startAnsweringServer(({ body }, response) => {
    const { id, method } = JSON.parse(body) as { id: number; method: string };
    if (mayBreak && isBroken) return reply(response, 'broken', 500);
    reply(response, { jsonrpc: '2.0', id, result: method === 'eth_chainId' ? '0x1' : block });
  });

beforeEach(async () => {
  isBroken = false;
  events = [];
  servers = await Promise.all([startNode(false), startNode(true)]);
  vi.useFakeTimers({ toFake: ['Date'], now: MACHINE_TIME });
  group = await openGroup({
    chainId: 1,
    endpoints: servers.map(({ url }, index) => ({ name: `node-${index}`, url })),
    health: { failures: 1, probationSeconds: PROBATION_SECONDS },
    report: ({ kind, endpoint }) => events.push(`${endpoint} ${kind}`),
  });
});
afterEach(async () => {
  vi.useRealTimers();
  group.close();
  await Promise.all(servers.map((server) => server.stop()));
});

it.each([
  ['back', -HOUR_MS],
  ['forward', HOUR_MS],
])(
  'takes an endpoint back after its probation, also where the machine’s clock is set %s',
  async (_, byMs) => {
    isBroken = true;
    while (events.length === 0) await group.head();
    isBroken = false;
    vi.setSystemTime(MACHINE_TIME + byMs);
    await sleep(PROBATION_SECONDS * 1_000 + 10);
    await group.head();
    await vi.waitFor(() => expect(events).toEqual(['node-1 dropped', 'node-1 readmitted']), 60_000);
  },
);
