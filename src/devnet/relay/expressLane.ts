import { encodePacked, hashMessage, keccak256, recoverAddress, toHex } from 'viem';
import { type Address, type Hex, sameAddress } from '../../core/units.ts';
import { RelayRefusalError, RPC_CODE } from './errors.ts';
import { type FullSubmissionContext, type Methods, submission } from './method.ts';
import * as read from './params.ts';
import { readRawTransaction } from './rawTransactions.ts';
import type { Submitted } from './submissions.ts';
import type { ExpressLane, Lane } from './types.ts';

/** Stands for no sequence number: taken in the order of arrival. */
const NO_SEQUENCE = 2n ** 64n - 1n;

/** A lane; without terms nobody controls it. */
export function createLane(terms: ExpressLane | null): Lane {
  let current = { round: -1n, next: 0n };
  return {
    terms,
    useSequence(round, sequence) {
      if (sequence === NO_SEQUENCE) return;
      if (current.round !== round) current = { round, next: 0n };
      if (sequence < current.next) throw refusal('SEQUENCE_NUMBER_TOO_LOW');
      current = { round, next: sequence + 1n };
    },
  };
}

/** Arbitrum's express lane: one object, signed by the controller of the round; answers null. */
export const expressLaneMethods: Methods = {
  timeboost_sendExpressLaneTransaction: submission(readExpressLane),
};

const MEMBERS = [
  'chainId',
  'round',
  'auctionContractAddress',
  'sequenceNumber',
  'transaction',
  'options',
  'signature',
];

async function readExpressLane(params: unknown, context: FullSubmissionContext): Promise<Submitted> {
  const request = read.positional(params, 0, 1);
  read.onlyMembers(request, MEMBERS);
  const chainId = readQuantity(read.member(request, 'chainId'));
  const round = readQuantity(read.member(request, 'round'));
  const sequence = readQuantity(read.member(request, 'sequenceNumber'));
  const contract = read.readAddress(read.member(request, 'auctionContractAddress'));
  const raw = read.readBytes(read.member(request, 'transaction'));
  read.member(read.member(request, 'options'), '');
  const signature = read.readBytes(read.member(request, 'signature'));
  if (chainId !== BigInt(context.chainId))
    throw read.mismatch(read.member(request, 'chainId'), `${context.chainId} in hex`);
  const { terms } = context.lane;
  if (terms === null) throw refusal('NO_ONCHAIN_CONTROLLER');
  if (!sameAddress(contract, terms.auctionContract)) throw refusal('WRONG_AUCTION_CONTRACT');
  if (round !== roundNow(terms)) throw refusal('BAD_ROUND_NUMBER');
  const sender = await signerOf({ chainId, contract, round, sequence, raw }, signature);
  if (!sameAddress(sender, terms.controller)) throw refusal('NOT_EXPRESS_LANE_CONTROLLER');
  const submitted = await readRawTransaction([raw], context, null, { mayRevert: true });
  context.lane.useSequence(round, sequence);
  return { ...submitted, result: null };
}

async function signerOf(
  signed: {
    readonly chainId: bigint;
    readonly contract: Address;
    readonly round: bigint;
    readonly sequence: bigint;
    readonly raw: Hex;
  },
  signature: Hex,
): Promise<Address> {
  const { chainId, contract, round, sequence, raw } = signed;
  const message = encodePacked(
    ['bytes32', 'uint256', 'address', 'uint64', 'uint64', 'bytes'],
    [keccak256(toHex('TIMEBOOST_BID')), chainId, contract, round, sequence, raw],
  );
  try {
    return await recoverAddress({ hash: hashMessage({ raw: message }), signature });
  } catch {
    throw refusal('WRONG_SIGNATURE');
  }
}

function roundNow({ firstRoundSeconds, roundSeconds }: ExpressLane): bigint {
  return BigInt(Math.floor((Date.now() / 1_000 - firstRoundSeconds) / roundSeconds));
}

/** A number of at most 64 bits that must be written in hex. */
function readQuantity(param: read.Param): bigint {
  const { value } = param;
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{1,16}$/.test(value))
    throw read.mismatch(param, 'a number in hex');
  return BigInt(value);
}

function refusal(words: string): RelayRefusalError {
  return new RelayRefusalError(RPC_CODE.rejected, words);
}
