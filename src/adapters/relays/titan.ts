import { z } from 'zod';
import { defineRelay } from '../../ports/relay.ts';
import { builderShape, refundMembers, refundWish } from './internal/builderConfig.ts';
import { openBundleRelay } from './internal/bundleRelay.ts';

const config = z.strictObject({
  ...builderShape,
  url: builderShape.url.describe('for example https://rpc.titanbuilder.xyz'),
  refund: refundWish(0, 99),
});

/**
 * Titan (docs.titanbuilder.xyz): eth_sendBundle, signed where the config names an identity, and eth_cancelBundle, of which
 * Titan promises nothing within four seconds of its last submission. It sends no end-of-block bundles: those may execute
 * behind everybody else’s trades.
 */
export const titan = defineRelay<z.infer<typeof config>>({
  summary: 'private: bundles to the Titan builder, with its refunds',
  config,
  sample: { url: 'http://127.0.0.1:18545', timeoutMs: 3_000, cancellable: true, refund: null },
  open: (name, { url, timeoutMs, cancellable, refund }, { identity, fetch }) =>
    openBundleRelay(name, { url, timeoutMs, fetch }, identity, {
      nameField: cancellable ? 'replacementUuid' : null,
      cancelBy: 'eth_cancelBundle',
      acceptsNull: false,
      members: refundMembers(refund),
    }),
});
