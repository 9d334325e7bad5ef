import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  keccak256,
  parseTransaction,
  recoverTransactionAddress,
  type TransactionSerializableEIP1559,
} from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { auditedSqlite } from '../../../examples/plug-ins/auditedSqlite.ts';
import { jsonVolatility } from '../../../examples/plug-ins/jsonVolatility.ts';
import { keyFile } from '../../../examples/plug-ins/keyFile.ts';
import { ntfy } from '../../../examples/plug-ins/ntfy.ts';
import { ownBuilder } from '../../../examples/plug-ins/ownBuilder.ts';
import { patientBand } from '../../../examples/plug-ins/patientBand.ts';
import { ownRegistry } from '../../../examples/plug-ins/registry.ts';
import type { PolicyView } from '../../../src/core/policy.ts';
import { loadConfig } from '../../../src/runtime/config/load.ts';
import { registry } from '../../../src/runtime/registry.ts';
import { recordOrder, sampleOrder } from '../../support/journalSamples.ts';
import { type AnsweringServer, reply, startAnsweringServer } from '../../support/relayServer.ts';

const folder = join(import.meta.dirname, '../../../examples/plug-ins');
const helpers = ['registry.ts', 'keeper.ts'];
const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !helpers.includes(name));

interface AnyPlugin {
  readonly summary: string;
  readonly sample: object;
  readonly config?: z.ZodType;
  readonly parameters?: z.ZodType;
}
const families = Object.entries(ownRegistry) as [
  keyof typeof registry,
  Readonly<Record<string, AnyPlugin>>,
][];
const added = families.flatMap(([family, plugins]) =>
  Object.entries(plugins).flatMap(([kind, plugin]) =>
    kind in registry[family] ? [] : [{ family, kind, plugin }],
  ),
);

let server: AnsweringServer | null = null;
let scratch: string | null = null;

afterEach(async () => {
  await server?.stop();
  server = null;
  if (scratch !== null) await rm(scratch, { recursive: true });
  scratch = null;
});

async function scratchFolder(): Promise<string> {
  scratch = await mkdtemp(join(tmpdir(), 'ballast-plug-ins-'));
  return scratch;
}

describe('the plug-ins of examples/plug-ins', () => {
  it('are one file each, all of them registered, at least one of every family', () => {
    expect(added.map(({ kind }) => `${kind}.ts`).sort()).toEqual(files.sort());
    expect(new Set(added.map(({ family }) => family))).toEqual(new Set(Object.keys(registry)));
  });

  it.each(added)('$kind takes its sample, refuses unknown keys, and has a schema', ({ plugin }) => {
    const schema = (plugin.config ?? plugin.parameters)!;
    expect(schema.parse(plugin.sample)).toEqual(plugin.sample);
    expect(schema.safeParse({ ...plugin.sample, unknownKey: 1 }).success).toBe(false);
    expect(z.toJSONSchema(schema, { io: 'input' })).toMatchObject({ type: 'object' });
    expect(plugin.summary).not.toBe('');
  });

  it('are all named by their config, which loads with them and with nothing else', async () => {
    const environment = () => 'http://127.0.0.1:1';
    const path = join(folder, 'ballast.yaml');
    const text = await readFile(path, 'utf8');
    for (const { kind } of added) expect(text).toContain(`kind: ${kind}`);
    await expect(loadConfig(path, { registry: ownRegistry, environment })).resolves.toBeDefined();
    await expect(loadConfig(path, { registry, environment })).rejects.toThrow();
  });
});

describe('ownBuilder', () => {
  const submission = {
    rawTransaction: '0x02ab',
    transactionHash: keccak256('0x02ab'),
    firstBlock: 1n,
    lastBlock: 2n,
  } as const;
  const relay = (url: string, timeoutMs = 10_000) =>
    ownBuilder.open('mine', { url, timeoutMs }, { identity: null, fetch });

  it.each([
    ['takes it', { result: submission.transactionHash }, 'accepted'],
    ['knows it already', { error: { message: 'already known' } }, 'unknown'],
    ['answers something else', ['hello'], 'unknown'],
  ] as const)('a builder that %s', async (_, body, status) => {
    let method = '';
    server = await startAnsweringServer((request, response) => {
      ({ method } = JSON.parse(request.body) as { method: string });
      reply(response, body);
    });
    expect(await relay(server.url).submit(submission)).toMatchObject({ status });
    expect(method).toBe('eth_sendPrivateRawTransaction');
  });

  it('never answers: unknown, in time, without an exception', async () => {
    server = await startAnsweringServer(() => {});
    expect(await relay(server.url, 200).submit(submission)).toMatchObject({
      status: 'unknown',
      isRelayFault: true,
    });
  });

  it('says whether it is on this machine', () => {
    expect(relay('http://127.0.0.1:1').isLoopback).toBe(true);
    expect(relay('https://builder.example.org').isLoopback).toBe(false);
  });
});

describe('keyFile', () => {
  const key = generatePrivateKey();
  const secrets = (text: string) => ({ environment: () => undefined, readFile: async () => text });

  it('signs what it was given, as the address that it says', async () => {
    const signer = await keyFile.open({ path: 'k' }, secrets(`${key}\n`));
    expect(signer.address).toBe(privateKeyToAccount(key).address);
    const raw = await signer.signTransaction({
      chainId: 1,
      nonce: 7,
      to: '0x00000000000000000000000000000000000000aa',
      data: '0x1234',
      valueWei: 0n,
      gasLimit: 300_000n,
      maxFeePerGasWei: 9n,
      maxPriorityFeePerGasWei: 2n,
    });
    const parsed = parseTransaction(raw) as TransactionSerializableEIP1559;
    expect(parsed).toMatchObject({ nonce: 7, gas: 300_000n, maxFeePerGas: 9n, maxPriorityFeePerGas: 2n });
    expect(await recoverTransactionAddress({ serializedTransaction: raw as `0x02${string}` })).toBe(
      signer.address,
    );
  });

  it('refuses what is no key without showing it', async () => {
    const opening = keyFile.open({ path: 'k' }, secrets('hunter2'));
    await expect(opening).rejects.toMatchObject({ code: 'KEY_INVALID' });
    await expect(opening).rejects.not.toThrow('hunter2');
  });
});

describe('auditedSqlite', () => {
  it('is a journal, and writes a line for each decision', async () => {
    const inside = await scratchFolder();
    const audit = join(inside, 'decisions.jsonl');
    const store = await auditedSqlite.open({ path: join(inside, 'journal.sqlite'), audit });
    try {
      await recordOrder(store, sampleOrder(1n));
      expect(await store.unsettledOrders('eth-strangle')).toHaveLength(1);
      const lines = (await readFile(audit, 'utf8')).trim().split('\n');
      const [decision] = await store.decisions('eth-strangle', 10);
      expect(lines.map((line) => JSON.parse(line))).toMatchObject([
        { id: decision?.id, vault: 'eth-strangle' },
      ]);
    } finally {
      await store.close();
    }
  });
});

describe('ntfy', () => {
  const message = {
    rule: 'halted',
    subject: 'eth-strangle',
    severity: 'critical',
    status: 'raised',
    title: 'eth-strangle is halted',
    facts: {},
    atSeconds: 1,
    source: 'live on 1',
    unsaid: 0,
  } as const;
  const channel = (url: string | undefined) =>
    ntfy.open(ntfy.sample, {
      fetch,
      secrets: { environment: () => url, readFile: () => Promise.reject(new Error('no files')) },
    });
  const { signal } = new AbortController();

  it('posts the title, and throws where it was not taken', async () => {
    const seen: string[] = [];
    server = await startAnsweringServer((request, response) => {
      seen.push(request.body);
      response.writeHead(seen.length === 1 ? 200 : 429).end();
    });
    await channel(server.url).send(message, signal);
    expect(seen).toEqual([message.title]);
    await expect(channel(server.url).send(message, signal)).rejects.toMatchObject({ code: 'ALERT_REFUSED' });
  });

  it('says which variable is missing', () => {
    expect(() => channel(undefined)).toThrow('NTFY_TOPIC');
  });
});

describe('jsonVolatility', () => {
  const observe = (url: string) =>
    jsonVolatility.observe(
      { url, staleAfterSeconds: 600 },
      { fetch, nowSeconds: 100, signal: AbortSignal.timeout(300) },
    );

  it('gives what the endpoint states, with its time', async () => {
    server = await startAnsweringServer((_, response) => reply(response, { volatility: 0.7, atSeconds: 90 }));
    expect(await observe(server.url)).toMatchObject({ volatility: 0.7, observedAtSeconds: 90, fault: null });
  });

  it.each([[{ volatility: -1, atSeconds: 90 }], [{}], ['text']])('has a fault for %j', async (body) => {
    server = await startAnsweringServer((_, response) => reply(response, body));
    expect((await observe(server.url)).fault).toMatch(/states no volatility/);
  });
});

describe('patientBand', () => {
  const view = (netDelta: number, sinceHedge: number | null) =>
    ({
      netDelta,
      snapshot: {
        chain: { block: { timestampSeconds: 10_000 } },
        history: { lastHedge: sinceHedge === null ? null : { timestampSeconds: 10_000 - sinceHedge } },
      },
    }) as unknown as PolicyView;
  const verdict = (netDelta: number, sinceHedge: number | null) =>
    patientBand.verdict(view(netDelta, sinceHedge), patientBand.sample).trade;

  it.each([
    [1.9, null, false],
    [2.1, null, true],
    [-2.1, 3_600, true],
    [2.1, 60, false],
    [-4.1, 60, true],
  ])('net delta %d, %s s after a hedge: trades %s', (netDelta, sinceHedge, isTraded) => {
    expect(verdict(netDelta, sinceHedge)).toBe(isTraded);
  });
});
