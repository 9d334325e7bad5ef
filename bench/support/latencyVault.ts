import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Devnet,
  type DevnetSafe,
  defaultMandate,
  nextExpiry,
  startDevnet,
} from '../../src/devnet/index.ts';
import { devnetPairs } from '../../src/devnet/pools/uniswapV2.ts';
import { devnetV4Pools } from '../../src/devnet/pools/uniswapV4.ts';
import type { ShortOption } from '../../src/devnet/vaults/opyn.ts';
import { parseConfig } from '../../src/runtime/config/load.ts';
import { devnetConfigText } from '../../src/runtime/demo/config.ts';
import { openLive } from '../../src/runtime/worlds/live.ts';
import type { OpenWorld, WorldTools } from '../../src/runtime/worlds/tools.ts';
import { startRelayProcess } from './startRelayProcess.ts';

const SERIES_PER_TRANSACTION = 10;
const DAYS_TO_EXPIRY = 14;
/** Beyond the half-width of the band, within what the mandate lets trade. */
const WETH_TO_HEDGE = 10;
const BLOCKS_TO_FINALITY = 64n;

/** A vault with many options on a devnet with four pools, and worlds to look at it from. */
export interface LatencyVault {
  readonly devnet: Devnet;
  readonly safe: DevnetSafe;
  /** What it wrote, in the order of its vaults. */
  readonly series: readonly ShortOption[];
  /** Makes it hold so much more ETH that the next decision is a hedge. */
  unbalance(): Promise<void>;
  /** Builds blocks with what the relay was given, until everything is final. */
  settle(): Promise<void>;
  /** A live world over a journal that is empty. */
  open(tools: WorldTools): Promise<OpenWorld>;
  stop(): Promise<void>;
}

/**
 * A Safe that wrote so many series of options and holds ETH far beyond what they need, so that the next decision is a
 * hedge; on a devnet with two v3 pools, a v2 pair and a v4 pool.
 */
export async function startLatencyVault(options: number): Promise<LatencyVault> {
  const devnet = await startDevnet({ venues: ['uniswapV2', 'uniswapV4'] });
  const folder = await mkdtemp(join(tmpdir(), 'ballast-bench-'));
  const relay = await startRelayProcess(devnet.url);
  const endPool = devnet.addPrivatePool(relay.pool);
  const { addresses, tokens, accounts } = devnet;
  const v4Pool = devnetV4Pools.usdcWeth3000;
  const safe = await devnet.createSafe({
    mandate: {
      ...defaultMandate(accounts),
      pools: [addresses.usdcWeth500, addresses.usdcWeth3000, devnetPairs.usdcWeth.address],
      poolManager: addresses.poolManager,
      v4Pools: [v4Pool.id],
    },
    holdings: [
      { token: tokens.weth, amount: 60 },
      { token: tokens.usdc, amount: 500_000 },
    ],
  });
  const { timestampSeconds } = await devnet.node.head();
  const expirySeconds = nextExpiry(timestampSeconds, DAYS_TO_EXPIRY);
  const series = Array.from({ length: options }, (_, index): ShortOption => {
    const isCall = index % 2 === 0;
    const strike = isCall ? 3_050 + 25 * index : 2_950 - 15 * index;
    return { type: isCall ? 'call' : 'put', strike, expirySeconds, amount: 0.5 };
  });
  for (let from = 0; from < series.length; from += SERIES_PER_TRANSACTION)
    await safe.writeOptions(series.slice(from, from + SERIES_PER_TRANSACTION));
  let journals = 0;
  return {
    devnet,
    safe,
    series,
    unbalance: () => devnet.fund(safe.address, [{ token: tokens.weth, amount: WETH_TO_HEDGE }]),
    async settle() {
      // The one that includes it, and one in which arbitrage brings the pools back.
      await devnet.mineBlock();
      await devnet.node.request('anvil_mine', [BLOCKS_TO_FINALITY, 12n]);
      await devnet.mineBlock();
    },
    open(tools) {
      const text = devnetConfigText({
        devnet,
        account: safe.address,
        heldOtokens: [],
        relayUrl: relay.url,
        journalPath: join(folder, `journal-${journals++}.sqlite`),
        variables: { keeper: 'KEEPER', identity: 'IDENTITY' },
      })
        .replace(/chain: \{([^}]*) \}/, `chain: {$1, wsUrl: "${devnet.url.replace('http', 'ws')}" }`)
        .replace(
          /( +- \{ kind: uniswapV3, pool: [^\n]*\n)(?= +prices)/,
          `$1      - { kind: uniswapV2, pool: "${devnetPairs.usdcWeth.address}" }
      - { kind: uniswapV4, fee: ${v4Pool.feePips}, tickSpacing: ${v4Pool.tickSpacing} }
`,
        );
      return openLive(parseConfig('bench.yaml', text, tools), tools);
    },
    async stop() {
      endPool();
      await relay.stop();
      await devnet.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
