import { addressSchema, defineAccount, registry, toRawUp } from 'ballast';
import { z } from 'zod';

const safe = registry.accounts.safe!;

const config = z.strictObject({
  reserveQuote: z.number().min(0).describe('quote that no hedge may spend'),
  module: addressSchema.optional().describe('the HedgeModule; the one of this build unless given'),
});
type ReservingSafeConfig = z.infer<typeof config>;

/** What the account that this one stands on is given. */
const innerConfig = ({ module }: ReservingSafeConfig) =>
  safe.config.parse(module === undefined ? {} : { module });

/** An account: how a vault acts on chain. This one is a Safe with the HedgeModule, part of whose quote is not to be spent. */
export const reservingSafe = defineAccount<ReservingSafeConfig>({
  summary: 'a Safe with the HedgeModule that keeps a reserve of quote',
  verified: 'contracts',
  config,
  sample: { reserveQuote: 100_000 },
  *read(settings, context, keeper) {
    const { holdings, guard } = yield* safe.read(innerConfig(settings), context, keeper);
    const freeRaw = holdings.quoteRaw - toRawUp(settings.reserveQuote, context.vault.quote.decimals);
    return { holdings: { ...holdings, quoteRaw: freeRaw > 0n ? freeRaw : 0n }, guard };
  },
  encode: (settings, vault, order, keeper) => safe.encode(innerConfig(settings), vault, order, keeper),
  fill: (settings, vault, order, receipt) => safe.fill(innerConfig(settings), vault, order, receipt),
});
