import { bloxrouteMethods } from './bloxroute.ts';
import { builderMethods } from './builderBundles.ts';
import type { Dialect } from './dialect.ts';
import { RelayRefusalError, RPC_CODE } from './errors.ts';
import { expressLaneMethods } from './expressLane.ts';
import { flashbotsMethods } from './methods.ts';
import { mevShareMethods } from './mevShare.ts';
import { protectMethods } from './protect.ts';
import { rawTransactionMethods } from './rawTransactions.ts';

const flashbots: Dialect = {
  admission: 'signature',
  methods: { ...flashbotsMethods, ...mevShareMethods },
};
const protect: Dialect = { admission: 'signatureIfAny', methods: protectMethods };
const dropsReverts: Dialect = { admission: 'anybody', methods: rawTransactionMethods({ mayRevert: false }) };
const takesReverts: Dialect = { admission: 'anybody', methods: rawTransactionMethods({ mayRevert: true }) };

/** Endpoints by their path; the root is the Flashbots relay, which serves MEV-Share as well. */
const DIALECTS: Readonly<Record<string, Dialect>> = {
  '/': flashbots,
  '/protect': protect,
  '/protect/fast': protect,
  '/mevblocker/fast': takesReverts,
  '/mevblocker/noreverts': dropsReverts,
  '/mevblocker/fullprivacy': dropsReverts,
  '/mevblocker/maxbackruns': takesReverts,
  '/buildernet': {
    admission: 'signature',
    methods: builderMethods({
      names: ['replacementUuid', 'uuid'],
      others: ['minTimestamp', 'maxTimestamp', 'delayedRefund', 'replacementNonce'],
      refundPercent: [1, 99],
      needsRecipient: false,
      cancelBy: 'emptyBundle',
    }),
  },
  '/titan': {
    admission: 'signatureIfAny',
    methods: builderMethods({
      names: ['replacementUuid'],
      others: [],
      refundPercent: [0, 99],
      needsRecipient: false,
      cancelBy: 'eth_cancelBundle',
    }),
  },
  '/rsync': {
    admission: 'signatureIfAny',
    methods: builderMethods({
      names: ['replacementUuid', 'uuid'],
      others: ['minTimestamp', 'maxTimestamp'],
      refundPercent: [0, 100],
      needsRecipient: true,
      cancelBy: 'emptyBundle',
    }),
  },
  '/bloxroute': { admission: 'account', methods: bloxrouteMethods },
  '/sequencer': takesReverts,
  '/timeboost': { admission: 'anybody', methods: expressLaneMethods },
};

/** The endpoint at a path. @throws RelayRefusalError with status 404 where there is none */
export function dialectAt(path: string): Dialect {
  const found = Object.hasOwn(DIALECTS, path) ? DIALECTS[path] : undefined;
  if (found !== undefined) return found;
  const known = Object.keys(DIALECTS).join(', ');
  throw new RelayRefusalError(RPC_CODE.methodNotFound, `no endpoint is here, only at ${known}`, 404);
}
