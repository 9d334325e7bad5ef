import { pad, toHex } from 'viem';
import { z } from 'zod';
import { openEndpoint } from '../../adapters/chain/endpoint.ts';
import type { Address } from '../../core/units.ts';

/** What an account was ever sent, by the events of the tokens themselves: whether it still has it is another question. */
export interface Received {
  /** The first block that was looked at: nodes may refuse to look through all. */
  readonly fromBlock: bigint;
  /** Contracts that told of an amount. */
  readonly tokens: readonly Address[];
  /** Numbers of NFTs by their contract, in small letters. */
  readonly nfts: ReadonlyMap<string, readonly bigint[]>;
}

/** Transfer(address,address,uint256), of ERC-20 and of ERC-721 alike. */
const TRANSFER = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';
/** Blocks back from the head that are asked for, the first that a node answers: all, then what most nodes allow. */
const RANGES = [null, 500_000n, 10_000n] as const;
const TIMEOUT_MILLISECONDS = 10_000;
/** An ERC-721 has the number among its topics, an ERC-20 the amount in its data. */
const NFT_TOPICS = 4;

const logsSchema = z.array(
  z.object({
    address: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
    topics: z.array(z.string().regex(/^0x[0-9a-fA-F]{64}$/)),
  }),
);

/**
 * Asks a node for every token and NFT that an account was ever sent, as far back as it answers.
 *
 * @returns null where it answers none of it: what no list names then stays unseen, and that is said
 */
export async function readReceived(url: string, account: Address, head: bigint): Promise<Received | null> {
  const endpoint = openEndpoint({ url, timeoutMs: TIMEOUT_MILLISECONDS, retries: 0 });
  try {
    for (const blocks of RANGES) {
      const fromBlock = blocks === null || blocks > head ? 0n : head - blocks;
      const topics = [TRANSFER, null, pad(account)];
      const range = { fromBlock: toHex(fromBlock), toBlock: toHex(head), topics };
      const logs = await endpoint.request('eth_getLogs', [range]).catch(() => null);
      const parsed = logsSchema.safeParse(logs);
      if (parsed.success) return { fromBlock, ...sorted(parsed.data) };
    }
    return null;
  } finally {
    endpoint.close();
  }
}

function sorted(logs: z.infer<typeof logsSchema>): Pick<Received, 'tokens' | 'nfts'> {
  const tokens = new Set<Address>();
  const nfts = new Map<string, bigint[]>();
  for (const { address, topics } of logs) {
    const contract = address.toLowerCase() as Address;
    const id = topics[NFT_TOPICS - 1];
    if (id === undefined) tokens.add(contract);
    else nfts.set(contract, [...(nfts.get(contract) ?? []), BigInt(id)]);
  }
  return { tokens: [...tokens], nfts };
}
