import { createRequire } from 'node:module';
import { vi } from 'vitest';
import type { Address, Hash, Hex } from '../../src/core/units.ts';
import { type Devnet, startDevnet } from '../../src/devnet/index.ts';

/** A contract as ethers 5 gives it: whatever its ABI has, by name. */
export type LyraContract = {
  readonly address: Address;
  // biome-ignore lint/suspicious/noExplicitAny: what a method takes and gives is known at run time only
} & Record<string, any>;

/** The contracts of Lyra's own test system that the tests speak to. */
export interface LyraSystem {
  readonly lyraRegistry: LyraContract;
  readonly optionMarket: LyraContract;
  readonly optionToken: LyraContract;
  readonly optionGreekCache: LyraContract;
  readonly shortCollateral: LyraContract;
  readonly snx: Readonly<Record<'quoteAsset' | 'baseAsset' | 'exchangeRates', LyraContract>>;
}

interface LyraPackage {
  readonly TestSystem: {
    deploy(deployer: unknown, useTracer: boolean, exportAddresses: boolean): Promise<LyraSystem>;
    seed(deployer: unknown, system: LyraSystem, overrides?: object): Promise<unknown>;
  };
  readonly lyraUtils: { toBN(text: string): unknown };
}

interface Signer {
  getAddress(): Promise<Address>;
}

/** Lyra's kinds of position, by its own numbers. */
export const lyraTypes = { longCall: 0, longPut: 1, shortCallBase: 2, shortCallQuote: 3, shortPutQuote: 4 };

/** A whole Lyra v1 market on a devnet, with a trader who has money of both kinds. */
export interface LyraMarketOnDevnet {
  readonly devnet: Devnet;
  readonly system: LyraSystem;
  readonly trader: Address;
  /** Boards that are open. */
  boards(): Promise<readonly bigint[]>;
  /** Opens a position. @returns its id */
  open(strikeId: bigint, type: number, amount: number, collateral?: number): Promise<bigint>;
  /** Sets the market's price of base. */
  setPrice(price: number): Promise<void>;
  /** Adds a board. */
  addBoard(board: {
    expiresIn: number;
    baseIV: string;
    strikePrices: readonly string[];
    skews: readonly string[];
  }): Promise<void>;
  /** The next block comes so many seconds later. */
  pass(seconds: number): Promise<void>;
  /** Sends a transaction and waits until it is through. */
  send(contract: LyraContract, method: string, args: readonly unknown[]): Promise<void>;
}

/** No price is too bad: the tests do not trade for profit. */
const MAX = 2n ** 255n;
/** Enough for all of them: what a cache costs to write changes between asking and sending. */
const GAS_LIMIT = 8_000_000;
/** Under which Synthetix keeps the price of ether. */
export const etherKey = `0x${Buffer.from('sETH').toString('hex').padEnd(64, '0')}`;

/** Starts a devnet and deploys Lyra's own test system on it, with 1 board of 3 strikes. */
export async function startLyraMarket(): Promise<LyraMarketOnDevnet> {
  const devnet = await startDevnet();
  try {
    await devnet.node.request('evm_setAutomine', [true]);
    process.env.LYRA_RPC_URL = devnet.url;
    const load = createRequire(new URL('./package.json', import.meta.url));
    const { ethers } = load('hardhat') as { ethers: { provider: { getSigner(index: number): Signer } } };
    const { TestSystem, lyraUtils } = load('@lyrafinance/protocol') as LyraPackage;
    const signer = ethers.provider.getSigner(0);
    const system = await TestSystem.deploy(signer, false, false);
    await TestSystem.seed(signer, system);
    const trader = await signer.getAddress();
    const wad = (value: number) => lyraUtils.toBN(String(value));
    const send: LyraMarketOnDevnet['send'] = async (contract, method, args) => {
      const { hash } = (await contract[method](...args, { gasLimit: GAS_LIMIT })) as { hash: Hash };
      // Not by ethers 5, which waits for a block number above all it has seen: never, once a chain was taken back.
      const receipt = await vi.waitUntil(() => devnet.node.receipt(hash), { timeout: 10_000, interval: 5 });
      if (!receipt.succeeded) throw new Error(`${method} reverted in ${hash}`);
    };
    return {
      devnet,
      system,
      trader,
      send,
      boards: async () =>
        ((await system.optionMarket.getLiveBoards()) as unknown[]).map((id) => BigInt(String(id))),
      open: async (strikeId, optionType, amount, collateral = 0) => {
        const terms = { strikeId, positionId: 0, iterations: 1, optionType, amount: wad(amount) };
        const bounds = { setCollateralTo: wad(collateral), minTotalCost: 0, maxTotalCost: MAX };
        await send(system.optionMarket, 'openPosition', [{ ...terms, ...bounds, rewardBeneficiary: trader }]);
        return BigInt(String(await system.optionToken.nextId())) - 1n;
      },
      setPrice: (price) => send(system.snx.exchangeRates, 'setRateAndInvalid', [etherKey, wad(price), false]),
      addBoard: async ({ expiresIn, baseIV, strikePrices, skews }) => {
        const latest = await devnet.node.request<{ timestamp: Hex }>('eth_getBlockByNumber', [
          'latest',
          false,
        ]);
        const expiry = Number(latest.timestamp) + expiresIn;
        const [prices, ratios] = [strikePrices, skews].map((texts) => texts.map(lyraUtils.toBN));
        const terms = [expiry, lyraUtils.toBN(baseIV), prices, ratios, false];
        await send(system.optionMarket, 'createOptionBoard', terms);
      },
      pass: async (seconds) => {
        await devnet.node.request('evm_increaseTime', [seconds]);
        await devnet.node.request('evm_mine');
      },
    };
  } catch (thrown) {
    await devnet.stop();
    throw thrown;
  }
}
