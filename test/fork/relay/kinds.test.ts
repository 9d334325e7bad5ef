import { keccak256 } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as kinds from '../../../src/adapters/relays/index.ts';
import { BlockBuilder } from '../../../src/devnet/market/blocks.ts';
import type { Relay, RelayKind, Submission } from '../../../src/ports/relay.ts';
import type { Signer } from '../../../src/ports/signer.ts';
import { throwAwaySigner } from '../../support/throwAwaySigner.ts';
import { fund, type RelayFixture, startRelayFixture } from './fixture.ts';

const GWEI = 10n ** 9n;
const AUCTION = `0x${'5f'.repeat(20)}` as const;
const identity = throwAwaySigner();
const firstRoundSeconds = 1_700_000_000;

let fixture: RelayFixture;
let builder: BlockBuilder;
let keeper: Signer;
let nonce = 0;

beforeAll(async () => {
  fixture = await startRelayFixture({
    expressLane: {
      controller: identity.address,
      auctionContract: AUCTION,
      firstRoundSeconds,
      roundSeconds: 3_600,
    },
  });
  builder = new BlockBuilder(fixture.node, { blockSeconds: 12, baseFeeWei: GWEI });
  builder.addPrivatePool(fixture.relay.pool);
  keeper = throwAwaySigner();
  await fund(fixture.node, keeper.address);
});

afterAll(() => fixture.stop());

/** A kind, at the path where the dev relay speaks its form. */
function open(kind: RelayKind<never>, path: string, settings: object, by: Signer = identity): Relay {
  const config = kind.config.parse({ ...settings, url: `${fixture.relay.url}${path}` });
  const secrets = {
    environment: () => 'account-of-the-test',
    readFile: () => Promise.reject(new Error('no file')),
  };
  return kind.open('dev', config, { identity: by, fetch, secrets });
}

const height = async () => (await fixture.node.head()).number;

async function order(wish: { to?: string; tipWei?: bigint } = {}): Promise<Submission> {
  const rawTransaction = await keeper.signTransaction({
    chainId: 31_337,
    nonce,
    to: (wish.to ?? keeper.address) as `0x${string}`,
    data: '0x',
    valueWei: 0n,
    gasLimit: 100_000n,
    maxFeePerGasWei: 10n * GWEI,
    maxPriorityFeePerGasWei: wish.tipWei ?? GWEI,
  });
  const next = (await height()) + 1n;
  return {
    rawTransaction,
    transactionHash: keccak256(rawTransaction),
    firstBlock: next,
    lastBlock: next + 3n,
  };
}

const lane = { chainId: 31_337, auctionContract: AUCTION, firstRoundSeconds, roundSeconds: 3_600 };
const share = { percent: 90, recipient: `0x${'aa'.repeat(20)}` };
const refund = [{ address: `0x${'aa'.repeat(20)}`, percent: 90 }];

interface Place {
  readonly kind: string;
  readonly path: string;
  readonly settings: object;
  readonly cancels: boolean;
}

const places: readonly Place[] = [
  { kind: 'flashbots', path: '', settings: {}, cancels: false },
  { kind: 'flashbots', path: '', settings: { cancellable: true, builders: ['titan'] }, cancels: true },
  {
    kind: 'flashbotsPrivate',
    path: '',
    settings: { fast: true, hints: ['hash'], builders: ['titan'], refund },
    cancels: true,
  },
  {
    kind: 'flashbotsProtect',
    path: '/protect',
    settings: { hints: ['hash', 'logs'], refund },
    cancels: false,
  },
  {
    kind: 'flashbotsProtect',
    path: '/protect',
    settings: { hints: ['hash'], fast: true, builders: ['titan'] },
    cancels: false,
  },
  { kind: 'mevShare', path: '', settings: { hints: ['hash'], builders: ['titan'], refund }, cancels: false },
  { kind: 'mevBlocker', path: '/mevblocker', settings: { protection: 'fullprivacy' }, cancels: false },
  { kind: 'mevBlocker', path: '/mevblocker', settings: { protection: 'maxbackruns' }, cancels: false },
  {
    kind: 'builderNet',
    path: '/buildernet',
    settings: { refund: share, delayedRefund: true },
    cancels: true,
  },
  { kind: 'titan', path: '/titan', settings: { refund: share }, cancels: true },
  {
    kind: 'builder',
    path: '/rsync',
    settings: { signed: false, nameField: 'uuid', cancelBy: 'emptyBundle', refund: share },
    cancels: true,
  },
  {
    kind: 'bloxroute',
    path: '/bloxroute',
    settings: { authorizationVariable: 'ANY', builders: ['titan'] },
    cancels: false,
  },
  { kind: 'sequencer', path: '/sequencer', settings: {}, cancels: false },
  { kind: 'timeboost', path: '/timeboost', settings: lane, cancels: false },
];

describe.each(places)(
  '$kind at $path with $settings, on the dev relay',
  ({ kind, path, settings, cancels }) => {
    const relay = () =>
      open((kinds as unknown as Record<string, RelayKind<never>>)[kind] as RelayKind<never>, path, settings);

    it('lands a transaction that nobody saw before', async () => {
      const submission = await order();
      expect(await relay().submit(submission)).toMatchObject({ status: 'accepted' });
      expect((await builder.build()).transactionHashes).toEqual([submission.transactionHash]);
      nonce += 1;
      expect(await fixture.relay.sightings()).toEqual([]);
    });

    it('takes the same bytes twice, and lands them once', async () => {
      const submission = await order();
      await relay().submit(submission);
      expect((await relay().submit(submission)).status).toBe('accepted');
      expect((await builder.build()).transactionHashes).toEqual([submission.transactionHash]);
      expect((await builder.build()).transactionHashes).toEqual([]);
      nonce += 1;
    });

    it(cancels ? 'takes back what it was given' : 'says that it takes nothing back', async () => {
      const submission = await order();
      const { submit, cancel } = relay();
      expect(cancel !== undefined).toBe(cancels);
      if (cancel === undefined) return;
      await submit(submission);
      expect(await cancel(submission)).toMatchObject({ status: 'accepted' });
      expect((await builder.build()).transactionHashes).toEqual([]);
      expect(fixture.relay.status().storedTransactions).toBe(0);
    });

    it('is unknown when the relay takes it and breaks, and lands', async () => {
      fixture.relay.misbehave({ kind: 'serverError', include: true });
      const submission = await order();
      const answer = await relay().submit(submission);
      fixture.relay.behave();
      expect(['accepted', 'unknown']).toContain(answer.status);
      await relay().submit(submission);
      expect((await builder.build()).transactionHashes).toEqual([submission.transactionHash]);
      nonce += 1;
    });

    it('is refused where the transaction is none', async () => {
      const submission = { ...(await order()), rawTransaction: '0x02aa' as const };
      expect(await relay().submit(submission)).toMatchObject({ status: 'refused' });
    });
  },
);

describe('what the endpoints refuse', () => {
  const protect = () => open(kinds.flashbotsProtect as never, '/protect', { hints: ['hash'] });

  it('the express lane to anybody but its controller, and a lane of another round or auction', async () => {
    const submission = await order();
    const timeboost = (settings: object, by?: Signer) =>
      open(kinds.timeboost as never, '/timeboost', { ...lane, ...settings }, by).submit(submission);
    const refusals = await Promise.all([
      timeboost({}, throwAwaySigner()),
      timeboost({ firstRoundSeconds: firstRoundSeconds - 3_600 }),
      timeboost({ auctionContract: `0x${'11'.repeat(20)}` }),
      timeboost({ chainId: 1 }),
    ]);
    expect(refusals.map(({ detail }) => detail.replace(/ \(.*/, ''))).toEqual([
      'NOT_EXPRESS_LANE_CONTROLLER',
      'BAD_ROUND_NUMBER',
      'WRONG_AUCTION_CONTRACT',
      expect.stringMatching(/chainId is 0x1/),
    ]);
    expect(refusals.slice(0, 2).map(({ status }) => status)).toEqual(['refused', 'refused']);
  });

  it('a transaction without a tip, at Protect', async () => {
    expect(await protect().submit(await order({ tipWei: 0n }))).toMatchObject({ status: 'refused' });
  });

  it('a private transaction that was signed by somebody else, to be taken back', async () => {
    const submission = await order();
    await open(kinds.flashbotsPrivate as never, '', {}).submit(submission);
    const stranger = open(kinds.flashbotsPrivate as never, '', {}, throwAwaySigner());
    expect((await stranger.cancel?.(submission))?.status).toBe('unknown');
    expect((await builder.build()).transactionHashes).toEqual([submission.transactionHash]);
    nonce += 1;
  });

  it('what would revert, where the protection says so, and not where it does not', async () => {
    const blocker = (protection: string) => open(kinds.mevBlocker as never, '/mevblocker', { protection });
    const reverting = await order({ to: fixture.reverter });
    await blocker('noreverts').submit(reverting);
    expect((await builder.build()).transactionHashes).toEqual([]);
    await blocker('fast').submit(reverting);
    expect((await builder.build()).transactionHashes).toEqual([reverting.transactionHash]);
    nonce += 1;
  });
});

describe('the status endpoint of Protect', () => {
  it('gives advice: pending, then included, and unknown about what it never saw', async () => {
    const relay = open(kinds.flashbotsProtect as never, '/protect', {
      hints: ['hash'],
      statusUrl: `${fixture.relay.url}/protect`,
    });
    const submission = await order();
    expect((await relay.advise?.(submission))?.status).toBe('unknown');
    await relay.submit(submission);
    expect((await relay.advise?.(submission))?.status).toBe('pending');
    await builder.build();
    nonce += 1;
    expect((await relay.advise?.(submission))?.status).toBe('included');
  });
});
