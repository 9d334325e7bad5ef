import { z } from 'zod';
import { defaultPatience } from '../../core/gas/patience.ts';
import { defaultSubmission, type SubmissionSettings } from '../../engine/world.ts';

const gwei = (found: number) => BigInt(Math.round(found * 1e9));
const usual = defaultSubmission;

const multiplier = z.number().min(1).max(20);

/** One step of the ladder that an order climbs while no block takes it. */
const rung = z
  .strictObject({
    relays: z
      .array(z.string().min(1))
      .min(1)
      .nullable()
      .default(null)
      .describe('names of the relays that are given the bytes; all of them unless given'),
    blocks: z.number().int().min(1).max(25).describe('blocks until the next rung'),
    tipMultiplier: multiplier.default(1).describe('of the going tip'),
    publicMempool: z
      .boolean()
      .optional()
      .describe(
        'whether relays into the public mempool may be used; as submission.publicMempool unless given',
      ),
  })
  .describe('which relays, for how many blocks, at which tip');

const patienceSchema = z
  .strictObject({
    quantile: z
      .number()
      .min(0)
      .max(1)
      .default(defaultPatience.quantile)
      .describe('a base fee above this quantile of recent blocks is dear'),
    blocks: z
      .number()
      .int()
      .min(1)
      .max(1_024)
      .default(defaultPatience.blocks)
      .describe('blocks looked back on'),
    urgentAt: z
      .number()
      .positive()
      .default(defaultPatience.urgentAt)
      .describe('half-widths of the band beyond its level, with what gamma adds, at which nothing waits'),
  })
  .describe('when a quiet drift waits for a cheaper block');

/** Without a ladder a setting is needed only where what the relays allow is taken back. */
function ladderSetting(
  ladder: readonly z.infer<typeof rung>[] | undefined,
  windowBlocks: number,
  publicMempool: boolean | undefined,
): Pick<SubmissionSettings, 'ladder'> {
  if (ladder === undefined && publicMempool !== false) return {};
  const rungs = ladder ?? [{ relays: null, blocks: windowBlocks, tipMultiplier: 1, publicMempool: false }];
  return {
    ladder: rungs.map(({ tipMultiplier, ...step }) => ({
      ...step,
      tipMultiplierBps: Math.round(tipMultiplier * 10_000),
      publicMempool: step.publicMempool ?? publicMempool ?? false,
    })),
  };
}

/** How orders are submitted, with fees in gwei. */
export const submissionSchema = z
  .strictObject({
    windowBlocks: z
      .number()
      .int()
      .min(1)
      .max(25)
      .default(usual.windowBlocks)
      .describe('blocks in which an order may be included'),
    blockSeconds: z
      .number()
      .positive()
      .default(usual.blockSeconds)
      .describe('expected seconds from block to block'),
    finalityBlocks: z
      .number()
      .int()
      .min(1)
      .default(usual.finalityBlocks)
      .describe('blocks on top of a block after which it is taken to stay'),
    finality: z
      .union([
        z.literal('finalized'),
        z.strictObject({ blocks: z.number().int().min(1).describe('blocks on top') }),
      ])
      .optional()
      .meta({
        description: 'finalized: what the chain calls final; or so many blocks, as finalityBlocks',
        examples: ['finalized'],
      }),
    ladder: z
      .array(rung)
      .min(1)
      .max(8)
      .optional()
      .describe('what is tried one after the other with one nonce and one sequence; replaces windowBlocks'),
    publicMempool: z
      .boolean()
      .optional()
      .describe(
        'whether relays into the public mempool may be used; left out: by no rung of a ladder, and without a ladder as each relay allows',
      ),
    stuckAfterBlocks: z
      .number()
      .int()
      .min(1)
      .max(25)
      .default(2)
      .describe('blocks that passed an order over before an urgent one may take its nonce'),
    foreignTransactions: z
      .enum(['heal', 'halt'])
      .default('heal')
      .describe(
        'heal: a transaction of the key that the journal does not know is reported and worked around; halt: nothing is placed until it is acknowledged',
      ),
    patience: patienceSchema.nullable().default(defaultPatience),
    gasLimitMarginBps: z
      .number()
      .int()
      .min(0)
      .max(10_000)
      .default(usual.gasLimitMarginBps)
      .describe('added to the gas that the simulation used'),
    maxFeeGwei: z
      .number()
      .positive()
      .default(Number(usual.maxFeePerGasWei) / 1e9)
      .describe('an order that would have to offer more waits'),
    minTipGwei: z
      .number()
      .positive()
      .default(Number(usual.minTipWei) / 1e9)
      .describe('least tip, whatever recent blocks paid'),
  })
  .transform(
    ({ maxFeeGwei, minTipGwei, ladder, publicMempool, finality, patience, ...rest }): SubmissionSettings => ({
      ...rest,
      ...(typeof finality === 'object' ? { finalityBlocks: finality.blocks } : {}),
      finality: finality === 'finalized' ? 'finalized' : 'blocks',
      ...(patience === null ? {} : { patience }),
      ...ladderSetting(ladder, rest.windowBlocks, publicMempool),
      maxFeePerGasWei: gwei(maxFeeGwei),
      minTipWei: gwei(minTipGwei),
    }),
  )
  .describe('how orders are priced, bounded in time and followed');
