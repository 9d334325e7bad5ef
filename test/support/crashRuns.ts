import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aavePoolAbi } from '../../abis/aavePool.ts';
import { SECONDS_PER_DAY, toWhole } from '../../src/core/units.ts';
import { type Devnet, mainnet, nextExpiry } from '../../src/devnet/index.ts';
import { startDevRelay } from '../../src/devnet/relay/index.ts';
import { BorrowerOnDevnet, lendingMandate } from './borrowerOnDevnet.ts';
import { ethHourlyCloses } from './ethPrices.ts';
import { hasSharedData } from './sharedData.ts';

/** A price path, a price a step; each step is two blocks, so that the feed has followed. */
export interface CrashPath {
  readonly name: string;
  readonly prices: readonly number[];
}

/** What became of a vault along a path. */
export interface CrashRun {
  readonly path: string;
  /** Whether it was tried before each decision, and reduced. */
  readonly reduces: boolean;
  readonly lowestHealthFactor: number;
  /** Whether anybody could have liquidated it at some block. */
  readonly isLiquidated: boolean;
  readonly hedges: number;
  readonly reductions: number;
  readonly mostDebtBase: number;
}

const steps = (from: number, to: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, n) => from + ((to - from) * (n + 1)) / count);

/** Falls that make a vault of written puts borrow, each with a rebound that no block lies within. */
export const crashPaths: readonly CrashPath[] = [
  { name: 'fall 30 %, then +55 % at once', prices: [...steps(3_000, 2_100, 6), 3_255] },
  { name: 'fall 30 % at once, then +60 % at once', prices: [2_100, 2_100, 3_360] },
  {
    name: 'fall 20 %, up 12 %, fall 25 %, then +70 %',
    prices: [...steps(3_000, 2_400, 3), 2_688, 2_016, 3_427],
  },
  { name: 'slow fall 35 %, slow rise 40 %', prices: [...steps(3_000, 1_950, 8), ...steps(1_950, 2_730, 8)] },
];

/** How many recorded crashes are run, each of three days. */
const RECORDED = 4;
const HOURS = 72;
const SECONDS_PER_HOUR = 3_600;

/**
 * The recorded crashes: of all spans of three days that begin with a day (UTC) and of which every hour is there, the ones
 * in which ether fell deepest below where it began, none over another; every third hour, scaled to start where the other
 * paths do. None where there is no data.
 */
export function recordedCrashes(): readonly CrashPath[] {
  if (!hasSharedData) return [];
  const closes = new Map(
    ethHourlyCloses().map(({ timestampSeconds, price }) => [timestampSeconds, price] as const),
  );
  const days = [...closes.keys()].filter((at) => at % SECONDS_PER_DAY === 0);
  const spans = days.flatMap((from): readonly RecordedSpan[] => {
    const prices = Array.from({ length: HOURS }, (_, hour) => closes.get(from + hour * SECONDS_PER_HOUR));
    return prices.every((price) => price !== undefined) ? [{ from, prices }] : [];
  });
  const deepest: RecordedSpan[] = [];
  for (const span of spans.toSorted((one, other) => lowestOf(one) - lowestOf(other))) {
    if (deepest.length === RECORDED) break;
    if (deepest.every(({ from }) => Math.abs(from - span.from) >= HOURS * SECONDS_PER_HOUR))
      deepest.push(span);
  }
  return deepest
    .toSorted((one, other) => one.from - other.from)
    .map(({ from, prices }) => ({
      name: `recorded ${new Date(from * 1_000).toISOString().slice(0, 10)}`,
      prices: prices
        .filter((_, hour) => hour % 3 === 0)
        .map((price) => Math.round((price / prices[0]!) * 300_000) / 100),
    }));
}

interface RecordedSpan {
  readonly from: number;
  readonly prices: readonly number[];
}

/** The lowest price over the first. */
function lowestOf({ prices }: RecordedSpan): number {
  return Math.min(...prices) / prices[0]!;
}

const PUTS = 60;
const COLLATERAL = 225_000;
const WALLET = 190_000;

/** A Safe short puts that borrows, on a devnet with Aave; made afresh for each run. */
export async function crashRun(
  devnet: Devnet,
  { name, prices }: CrashPath,
  reduces: boolean,
): Promise<CrashRun> {
  const { usdc } = devnet.tokens;
  const safe = await devnet.createSafe({
    holdings: [{ token: usdc, amount: COLLATERAL + WALLET }],
    mandate: lendingMandate({ minHealthFactor: 1.25, maxBaseDebt: 80 }),
  });
  const expirySeconds = nextExpiry((await devnet.node.head()).timestampSeconds, 14);
  await safe.writeOptions([{ type: 'put', strike: 3_000, expirySeconds, amount: PUTS }]);
  await safe.supplyToAave([{ token: usdc, amount: COLLATERAL }]);
  const folder = await mkdtemp(join(tmpdir(), 'ballast-crash-'));
  const relay = await startDevRelay({ rpcUrl: devnet.url });
  const removePool = devnet.addPrivatePool(relay.pool);
  const keeper = new StressedBorrower(devnet, safe, relay, folder, reduces);
  keeper.atEnd(() => rm(folder, { recursive: true, force: true }));
  keeper.atEnd(() => relay.stop());
  keeper.atEnd(async () => removePool());
  const health = async () => {
    const data = await devnet.node.read(mainnet.aavePool, aavePoolAbi, 'getUserAccountData', [safe.address]);
    return toWhole(data[5], 18);
  };
  let lowestHealthFactor = Number.POSITIVE_INFINITY;
  let mostDebtBase = 0;
  try {
    for (const price of [3_000, ...prices]) {
      await devnet.mineBlock({ price });
      await devnet.mineBlock();
      lowestHealthFactor = Math.min(lowestHealthFactor, await health());
      // Two looks: what eases margin comes first, what hedges after it.
      await keeper.settle();
      await keeper.settle();
      mostDebtBase = Math.max(mostDebtBase, await keeper.debtBase());
    }
    const orders = await keeper.orders();
    const reductions = orders.filter(({ record }) => record.order.baseRaw === 0n).length;
    return {
      path: name,
      reduces,
      lowestHealthFactor,
      isLiquidated: lowestHealthFactor < 1,
      hedges: orders.length - reductions,
      reductions,
      mostDebtBase,
    };
  } finally {
    await keeper.end();
  }
}

class StressedBorrower extends BorrowerOnDevnet {
  readonly #reduces: boolean;

  constructor(
    devnet: Devnet,
    safe: BorrowerOnDevnet['safe'],
    relay: BorrowerOnDevnet['relay'],
    folder: string,
    reduces: boolean,
  ) {
    super(devnet, safe, relay, folder, devnet.url);
    this.#reduces = reduces;
  }

  override get configText(): string {
    if (!this.#reduces) return super.configText;
    // Tried as far up as the paths jump: what a vault is to stand is what it is tried against.
    const stress = '{ within: 0.7, minHealthFactor: 1.25, priceChanges: [-0.4, -0.2, 0, 0.2, 0.4, 0.7] }';
    return super.configText.replace('maxDivergenceBps: 200 }', `maxDivergenceBps: 200, stress: ${stress} }`);
  }
}
