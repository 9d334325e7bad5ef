import { z } from 'zod';
import { defineRelay } from '../../ports/relay.ts';
import { builderShape, refundMembers, refundWish } from './internal/builderConfig.ts';
import { openBundleRelay } from './internal/bundleRelay.ts';
import { requireIdentity } from './internal/identity.ts';

const config = z.strictObject({
  ...builderShape,
  url: builderShape.url.describe('for example https://rpc.buildernet.org'),
  refund: refundWish(1, 99),
  delayedRefund: z.boolean().default(false).describe('lets the refund be paid later, in a block of its own'),
});

/**
 * BuilderNet (buildernet.org/docs/api): signed eth_sendBundle, taken back by an empty bundle of the same name. It lists no
 * transactions that may be dropped or refunded one by one: a hedge is one transaction. Sending the same order to other
 * builders as well lowers what BuilderNet refunds.
 */
export const builderNet = defineRelay<z.infer<typeof config>>({
  summary: 'private: bundles to BuilderNet, with its refunds',
  config,
  sample: {
    url: 'http://127.0.0.1:18545',
    timeoutMs: 3_000,
    cancellable: true,
    refund: null,
    delayedRefund: false,
  },
  open(name, { url, timeoutMs, cancellable, refund, delayedRefund }, { identity, fetch }) {
    return openBundleRelay(name, { url, timeoutMs, fetch }, requireIdentity(name, identity), {
      nameField: cancellable ? 'replacementUuid' : null,
      cancelBy: 'emptyBundle',
      acceptsNull: false,
      members: { ...refundMembers(refund), ...(delayedRefund ? { delayedRefund } : {}) },
    });
  },
});
