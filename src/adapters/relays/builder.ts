import { z } from 'zod';
import { defineRelay } from '../../ports/relay.ts';
import { builderShape, refundMembers, refundWish } from './internal/builderConfig.ts';
import { openBundleRelay } from './internal/bundleRelay.ts';
import { requireIdentity } from './internal/identity.ts';

const config = z.strictObject({
  ...builderShape,
  url: builderShape.url.describe('a block builder’s endpoint, for example https://rsync-builder.xyz'),
  signed: z.boolean().default(true).describe('signs requests with X-Flashbots-Signature'),
  nameField: z
    .enum(['replacementUuid', 'uuid'])
    .default('replacementUuid')
    .describe('the member that names a bundle for replacement'),
  cancelBy: z
    .enum(['eth_cancelBundle', 'emptyBundle'])
    .default('eth_cancelBundle')
    .describe('how a bundle is taken back: by its own method, or by an empty bundle of the same name'),
  acceptsNull: z
    .boolean()
    .default(false)
    .describe('takes a result of null for acceptance: some builders answer nothing else'),
  refund: refundWish(0, 100),
});

/**
 * Any block builder that takes eth_sendBundle in the form of Flashbots; how it differs is data. It sends no timestamps,
 * which some builders ignore, and one bundle for each target block, since not all of them take a range.
 */
export const builder = defineRelay<z.infer<typeof config>>({
  summary: 'private: eth_sendBundle to a block builder, with its differences as settings',
  config,
  sample: {
    url: 'http://127.0.0.1:18545',
    timeoutMs: 3_000,
    cancellable: true,
    signed: true,
    nameField: 'replacementUuid',
    cancelBy: 'eth_cancelBundle',
    acceptsNull: false,
    refund: null,
  },
  open(name, settings, { identity, fetch }) {
    const { url, timeoutMs, cancellable, nameField, cancelBy, acceptsNull, refund } = settings;
    const signer = settings.signed ? requireIdentity(name, identity) : null;
    return openBundleRelay(name, { url, timeoutMs, fetch }, signer, {
      nameField: cancellable ? nameField : null,
      cancelBy,
      acceptsNull,
      members: refundMembers(refund),
    });
  },
});
