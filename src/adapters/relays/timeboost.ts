import { z } from 'zod';
import { defineRelay } from '../../ports/relay.ts';
import { addressSchema } from '../chain/addressSchema.ts';
import { isLoopbackUrl } from '../chain/loopback.ts';
import { answerOf } from './internal/answers.ts';
import { RelayIdentityUnfitError } from './internal/errors.ts';
import { exchange, requestBody } from './internal/exchange.ts';
import { ANY_SEQUENCE, expressLaneBytes, expressLaneRound } from './internal/expressLane.ts';
import { toHex } from './internal/flashbotsRequests.ts';
import { requireIdentity } from './internal/identity.ts';
import { relayTimeout, relayUrl } from './internal/relayUrl.ts';

const config = z.strictObject({
  url: relayUrl.describe('the sequencer’s endpoint, for example https://arb1-sequencer.arbitrum.io/rpc'),
  chainId: z.int().positive().describe('the chain whose lane it is; 42161 = Arbitrum One'),
  auctionContract: addressSchema.describe('the express lane auction'),
  firstRoundSeconds: z
    .int()
    .min(0)
    .describe('when round 0 began, in Unix seconds: the auction’s roundTimingInfo'),
  roundSeconds: z.int().min(1).max(86_400).default(60).describe('how long a round lasts'),
  timeoutMs: relayTimeout.default(3_000).describe('longest wait for an answer, milliseconds'),
});

/**
 * Arbitrum Timeboost (docs.arbitrum.io, Timeboost): the express lane, for whoever controls it this round. The identity is
 * the controller's key. It does not bid for the lane; without control of the round the sequencer refuses, and an ordinary
 * `sequencer` relay beside it still delivers, 200 ms later. Every transaction carries the sequence number that stands for
 * none, since nonces keep the order.
 */
export const timeboost = defineRelay<z.infer<typeof config>>({
  summary: 'private: the express lane of Arbitrum, for the controller of the round',
  config,
  sample: {
    url: 'http://127.0.0.1:18545',
    chainId: 42_161,
    auctionContract: '0x5fcb496a31b7ae91e7c9078ec662bd7a55cd3079',
    firstRoundSeconds: 1_744_000_000,
    roundSeconds: 60,
    timeoutMs: 3_000,
  },
  open(name, settings, { identity: given, fetch, clock }) {
    const { url, timeoutMs, chainId, auctionContract } = settings;
    const identity = requireIdentity(name, given);
    const sign = identity.signMessageBytes;
    if (sign === undefined) throw new RelayIdentityUnfitError(name, 'sign bytes that are no text');
    const endpoint = { url, timeoutMs, fetch };
    const now = () => clock?.nowSeconds() ?? Date.now() / 1_000;
    return {
      name,
      isPrivate: true,
      isLoopback: isLoopbackUrl(url),
      async submit({ rawTransaction, refusal }) {
        const round = expressLaneRound(settings, now());
        if (round < 0n) return { status: 'refused', detail: 'the first round has not begun' };
        const lane = { chainId, auctionContract, round, sequenceNumber: ANY_SEQUENCE, rawTransaction };
        const signature = await sign(expressLaneBytes(lane)).catch(() => null);
        if (signature === null)
          return { status: 'unknown', detail: 'the relay identity could not sign the request' };
        const submission = {
          chainId: toHex(BigInt(chainId)),
          round: toHex(round),
          auctionContractAddress: auctionContract,
          sequenceNumber: toHex(ANY_SEQUENCE),
          transaction: rawTransaction,
          options: {},
          signature,
        };
        const body = requestBody('timeboost_sendExpressLaneTransaction', [submission]);
        return answerOf(
          await exchange({ ...endpoint, refusal }, body, {}),
          (result) => result === null,
          endpoint,
        );
      },
    };
  },
});
