import { decodeEventLog, erc20Abi, type Hex } from 'viem';
import type { Order } from '../../../core/decision.ts';
import { CorruptDataError } from '../../../core/errors.ts';
import type { VaultTerms } from '../../../core/snapshot.ts';
import { type Address, sameAddress } from '../../../core/units.ts';
import type { Fill } from '../../../ports/account.ts';
import type { EventLog, Receipt } from '../../../ports/chain.ts';

/**
 * What an order did, from the tokens' own events: what left the account and what came in. For accounts whose orders
 * announce nothing of their own.
 *
 * @throws CorruptDataError where base and quote did not move as the order has it
 */
export function fillByTransfers({ account, base, quote }: VaultTerms, order: Order, receipt: Receipt): Fill {
  const baseIn = netInflow(receipt.logs, base.address, account);
  const quoteIn = netInflow(receipt.logs, quote.address, account);
  const [baseRaw, quoteRaw] = order.side === 'sell' ? [-baseIn, quoteIn] : [baseIn, -quoteIn];
  if (baseRaw <= 0n || quoteRaw <= 0n || baseRaw > order.baseRaw) {
    throw new CorruptDataError(
      'what an order moved',
      `${baseRaw} of base against ${quoteRaw} of quote`,
      `a ${order.side} of up to ${order.baseRaw}`,
      { facts: { transactionHash: receipt.transactionHash } },
    );
  }
  return {
    transactionHash: receipt.transactionHash,
    blockNumber: receipt.blockNumber,
    blockHash: receipt.blockHash,
    side: order.side,
    baseRaw,
    quoteRaw,
    gasUsed: receipt.gasUsed,
    gasPaidWei: receipt.gasUsed * receipt.effectiveGasPriceWei + (receipt.dataFeeWei ?? 0n),
  };
}

function netInflow(logs: readonly EventLog[], token: Address, account: Address): bigint {
  let sum = 0n;
  for (const log of logs) {
    if (!sameAddress(log.address, token)) continue;
    const moved = transferIn(log);
    if (moved === null) continue;
    if (sameAddress(moved.to, account)) sum += moved.value;
    if (sameAddress(moved.from, account)) sum -= moved.value;
  }
  return sum;
}

/** Null where the log is another event. */
function transferIn({ topics, data }: EventLog) {
  try {
    const event = decodeEventLog({
      abi: erc20Abi,
      eventName: 'Transfer',
      topics: [...topics] as [Hex, ...Hex[]],
      data,
    });
    return event.args;
  } catch {
    return null;
  }
}
