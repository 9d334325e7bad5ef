import type { Hex } from '../../core/units.ts';
import { type FullSubmissionContext, type Methods, submission } from './method.ts';
import * as read from './params.ts';
import { readSendBundle, type Submitted } from './submissions.ts';

const MEMBERS = [
  'transaction',
  'block_number',
  'min_timestamp',
  'max_timestamp',
  'reverting_hashes',
  'dropping_hashes',
  'uuid',
  'mev_builders',
  'priority_fee_refund',
  'refund_recipient',
];

/** bloXroute: params is an object, and raw transactions have no 0x. */
export const bloxrouteMethods: Methods = { blxr_submit_bundle: submission(readSubmitBundle) };

async function readSubmitBundle(params: unknown, context: FullSubmissionContext): Promise<Submitted> {
  const bundle: read.Param = { value: params, path: 'params' };
  read.onlyMembers(bundle, MEMBERS);
  const txs = read.items(read.member(bundle, 'transaction')).map(withPrefix);
  const block = read.readHexBlockNumber(read.member(bundle, 'block_number'));
  const uuid = read.optional(read.member(bundle, 'uuid'), read.readUuid);
  checkBuilders(read.member(bundle, 'mev_builders'));
  const members = {
    txs,
    blockNumber: `0x${block.toString(16)}`,
    minTimestamp: read.optional(read.member(bundle, 'min_timestamp'), read.readInteger),
    maxTimestamp: read.optional(read.member(bundle, 'max_timestamp'), read.readInteger),
    revertingTxHashes: read.optional(read.member(bundle, 'reverting_hashes'), read.readHashes),
    replacementUuid: uuid,
  };
  return readSendBundle([members], context);
}

function withPrefix(param: read.Param): Hex {
  const { value } = param;
  if (typeof value !== 'string' || value.startsWith('0x')) throw read.mismatch(param, 'bytes without 0x');
  return read.readBytes({ ...param, value: `0x${value}` });
}

/** Builders by name, each with a signature or an empty text. */
function checkBuilders(param: read.Param): void {
  if (param.value === undefined) return;
  read.member(param, '');
  for (const [name, signature] of Object.entries(param.value as object)) {
    if (typeof signature !== 'string')
      throw read.mismatch(
        { value: signature, path: `${param.path}.${name}` },
        'a signature or an empty text',
      );
  }
}
