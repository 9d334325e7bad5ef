import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeEventLog, type Hex } from 'viem';
import { afterEach, beforeEach, expect } from 'vitest';
import { erc20Abi } from '../../abis/erc20.ts';
import { hedgeModuleAbi } from '../../abis/hedgeModule.ts';
import type { Decision } from '../../src/core/decision.ts';
import { toRawUp } from '../../src/core/units.ts';
import type { Devnet, DevnetSafe } from '../../src/devnet/index.ts';
import { type DevRelay, startDevRelay } from '../../src/devnet/relay/index.ts';
import { orderState } from '../../src/engine/order/orderState.ts';
import { type TickResult, tickFleet } from '../../src/engine/tick.ts';
import type { Fill } from '../../src/ports/account.ts';
import type { OrderHistory } from '../../src/ports/store.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { parseConfig } from '../../src/runtime/config/load.ts';
import type { Config } from '../../src/runtime/config/schema.ts';
import { devnetConfigText } from '../../src/runtime/demo/config.ts';
import { registry } from '../../src/runtime/registry.ts';
import { openLive } from '../../src/runtime/worlds/live.ts';
import type { OpenWorld, WorldTools } from '../../src/runtime/worlds/tools.ts';
import { useDevnet } from './devnet.ts';

/** A key for the relay requests' signatures; it has no money anywhere. */
const IDENTITY: Hex = `0x${'11'.repeat(32)}`;
const VAULT = 'eth-strangle';

/** Tools of a live world that know two keys and nothing else of the machine. */
export function toolsWith(keeperKey: Hex, stop: AbortSignal | null = null): WorldTools {
  const keys: Readonly<Record<string, string>> = { KEEPER: keeperKey, IDENTITY };
  const environment = (name: string) => keys[name];
  return {
    registry,
    environment,
    secrets: { environment, readFile: () => Promise.reject(new Error('no file')) },
    clock: systemClock,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    fetch: globalThis.fetch,
    stop,
  };
}

/** What left the keeper and what came of it; the same before and after means that nothing was sent. */
export interface Traces {
  readonly relayRequests: number;
  readonly nonce: bigint;
  readonly sequence: bigint;
}

/** What the HedgeModule announced. */
export interface HedgedEvent {
  readonly sequence: bigint;
  readonly baseFilled: bigint;
  readonly quoteFilled: bigint;
  readonly sellBase: boolean;
  readonly transactionHash: Hex;
}

/** Every hedge of an account, as the chain's logs tell. */
export async function hedgedEvents(devnet: Devnet, avatar: Hex): Promise<readonly HedgedEvent[]> {
  const address = devnet.addresses.hedgeModule;
  const logs = await devnet.node.request<
    { topics: [Hex, ...Hex[]]; data: Hex; transactionHash: Hex; address: Hex }[]
  >('eth_getLogs', [{ address, fromBlock: '0x0', toBlock: 'latest' }]);
  return logs.flatMap(({ topics, data, transactionHash }) => {
    const event = decodeEventLog({ abi: hedgeModuleAbi, topics, data });
    if (event.eventName !== 'Hedged' || event.args.avatar.toLowerCase() !== avatar.toLowerCase()) return [];
    return [{ ...event.args, transactionHash }];
  });
}

/** Fills that a journal has booked. */
export function fillsOf(histories: readonly OrderHistory[]): readonly Fill[] {
  return histories.flatMap((history) => {
    const state = orderState(history);
    const outcome = state.status === 'final' ? state.outcome : state;
    return outcome.status === 'filled' ? [outcome.fill] : [];
  });
}

/** The next sequence that the module takes for an account. */
function nextSequence({ node, addresses }: Devnet, avatar: Hex): Promise<bigint> {
  return node.read(addresses.hedgeModule, hedgeModuleAbi, 'nextSequence', [avatar]);
}

/** The journal's fills are the chain's events, one for one and to the wei, and sequences leave no gap. */
export async function expectJournalIsChain(
  devnet: Devnet,
  avatar: Hex,
  orders: readonly OrderHistory[],
): Promise<void> {
  const events = await hedgedEvents(devnet, avatar);
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => BigInt(index)));
  const booked = orders.toReversed().flatMap((order) =>
    fillsOf([order]).map(({ transactionHash, side, baseRaw, quoteRaw }) => ({
      sequence: order.record.order.sequence,
      transactionHash,
      side,
      baseRaw,
      quoteRaw,
    })),
  );
  const announced = events.map(({ sequence, transactionHash, sellBase, baseFilled, quoteFilled }) => ({
    sequence,
    transactionHash,
    side: sellBase ? 'sell' : 'buy',
    baseRaw: baseFilled,
    quoteRaw: quoteFilled,
  }));
  expect(booked.toSorted((a, b) => Number(a.sequence - b.sequence))).toEqual(announced);
  expect(await nextSequence(devnet, avatar)).toBe(BigInt(events.length));
}

/** The live keeper on a devnet: a Safe with 30 WETH and 100,000 USDC, neutral at zero, and a relay of its own. */
export class KeeperOnDevnet {
  readonly devnet: Devnet;
  readonly safe: DevnetSafe;
  relay: DevRelay;
  readonly folder: string;
  readonly #rpcUrl: string;
  readonly #edit: (configText: string) => string;
  readonly #ends: (() => Promise<unknown>)[] = [];
  #open: OpenWorld | null = null;

  /** @param edit what a test changes in the config of every other one */
  constructor(
    devnet: Devnet,
    safe: DevnetSafe,
    relay: DevRelay,
    folder: string,
    rpcUrl: string,
    edit: (configText: string) => string = (text) => text,
  ) {
    this.devnet = devnet;
    this.safe = safe;
    this.relay = relay;
    this.folder = folder;
    this.#rpcUrl = rpcUrl;
    this.#edit = edit;
  }

  get journalPath(): string {
    return join(this.folder, 'journal.sqlite');
  }

  /** The text of the config file that a user would write. */
  get configText(): string {
    const text = devnetConfigText({
      devnet: { ...this.devnet, url: this.#rpcUrl },
      account: this.safe.address,
      heldOtokens: [],
      relayUrl: this.relay.url,
      journalPath: this.journalPath,
      variables: { keeper: 'KEEPER', identity: 'IDENTITY' },
    }).replace(/(devRelay: \{ kind: flashbots, url: "[^"]*")/, '$1, timeoutMs: 1500, retries: 0');
    return this.#edit(text);
  }

  get tools(): WorldTools {
    return toolsWith(this.devnet.accounts.keeper.privateKey);
  }

  get config(): Config {
    return parseConfig('test.yaml', this.configText, this.tools);
  }

  /** The open world; opened when first asked for. */
  async world(): Promise<OpenWorld> {
    this.#open ??= await openLive(this.config, this.tools);
    return this.#open;
  }

  /** Ends the keeper's process, as it were; the next tick is that of another one over the same journal. */
  async close(): Promise<void> {
    await this.#open?.close();
    this.#open = null;
  }

  /** A relay of its own, from the next start of the keeper on, at another address; the one before is stopped. */
  async moveToNewRelay(): Promise<void> {
    await this.relay.stop();
    const relay = await startDevRelay({ rpcUrl: this.devnet.url });
    const removePool = this.devnet.addPrivatePool(relay.pool);
    this.atEnd(() => relay.stop());
    this.atEnd(async () => removePool());
    await this.close();
    this.relay = relay;
  }

  async tick(): Promise<TickResult> {
    const { world, vaults } = await this.world();
    const [result] = await tickFleet(world, vaults);
    return result as TickResult;
  }

  /** Mines blocks and ticks until no order is open; at most eight, which is more than the window. */
  async settle(): Promise<TickResult> {
    let last = await this.tick();
    for (let block = 0; block < 8 && last.open.length > 0; block += 1) {
      await this.devnet.mineBlock();
      last = await this.tick();
    }
    expect(last.open).toEqual([]);
    return last;
  }

  async traces(): Promise<Traces> {
    const { node, accounts } = this.devnet;
    const nonce = await node.request<Hex>('eth_getTransactionCount', [accounts.keeper.address, 'latest']);
    const sequence = await nextSequence(this.devnet, this.safe.address);
    return { relayRequests: this.relay.status().requests, nonce: BigInt(nonce), sequence };
  }

  events(): Promise<readonly HedgedEvent[]> {
    return hedgedEvents(this.devnet, this.safe.address);
  }

  async orders(): Promise<readonly OrderHistory[]> {
    return (await this.world()).world.store.orders(VAULT, 1_000);
  }

  /** WETH and USDC of the Safe. */
  async balances(): Promise<readonly [bigint, bigint]> {
    const { node, tokens } = this.devnet;
    const of = (token: Hex) => node.read(token, erc20Abi, 'balanceOf', [this.safe.address]);
    return [await of(tokens.weth.address), await of(tokens.usdc.address)];
  }

  /** Ticks, and holds it to this decision, to a sentence, and to having sent nothing. */
  async expectNothingSent(kind: Decision['kind'], code: Decision['code'], why: RegExp): Promise<TickResult> {
    const before = await this.traces();
    const result = await this.tick();
    expect(result.decision).toMatchObject({ kind, code });
    expect(result.decision.why).toMatch(why);
    expect(result.order).toBeNull();
    expect(await this.traces()).toEqual(before);
    return result;
  }

  /**
   * From here on all is well again: exactly one hedge is made, of this size, booked as the chain tells it, and no second
   * one follows.
   */
  async expectHedgesOnce(baseWhole = 30): Promise<void> {
    const before = await this.events();
    await this.settle();
    await this.devnet.mineBlock();
    await this.settle();
    await this.devnet.mineBlock();
    const last = await this.settle();
    expect(last.decision).toMatchObject({ kind: 'hold', code: 'insideBand' });
    const events = await this.events();
    expect(events.length).toBe(before.length + 1);
    expect(events.at(-1)?.baseFilled).toBe(toRawUp(baseWhole, 18));
    await this.expectBooked();
  }

  /** Follows what is open to its end: nothing new is wanted, and all is booked. */
  async expectBookedOnceSettled(): Promise<void> {
    const { decision } = await this.settle();
    expect(decision).toMatchObject({ kind: 'hold', code: 'insideBand' });
    await this.expectBooked();
  }

  /** See {@link expectJournalIsChain}. */
  async expectBooked(): Promise<void> {
    await expectJournalIsChain(this.devnet, this.safe.address, await this.orders());
  }

  /** Runs at the end of the test, last added first. */
  atEnd(end: () => Promise<unknown>): void {
    this.#ends.unshift(end);
  }

  async end(): Promise<void> {
    await this.close();
    for (const end of this.#ends.splice(0)) await end();
  }
}

/**
 * A keeper per test, on one devnet per file that is taken back after each.
 *
 * @param between puts something between the keeper and its node: gives the URL that the config names
 * @param edit what the file changes in the config
 */
export function useKeeper(
  between: (keeperUrl: string) => Promise<{ readonly url: string; stop(): Promise<void> }> = async (url) => ({
    url,
    stop: async () => {},
  }),
  edit: (configText: string) => string = (text) => text,
): () => KeeperOnDevnet {
  const get = useDevnet({}, (devnet) => {
    const { weth, usdc } = devnet.tokens;
    return devnet.createSafe({
      holdings: [
        { token: weth, amount: 30 },
        { token: usdc, amount: 100_000 },
      ],
    });
  });
  let keeper: KeeperOnDevnet | undefined;
  beforeEach(async () => {
    const { devnet, prepared } = get();
    const folder = await mkdtemp(join(tmpdir(), 'ballast-faults-'));
    const relay = await startDevRelay({ rpcUrl: devnet.url });
    const removePool = devnet.addPrivatePool(relay.pool);
    const node = await between(devnet.url);
    keeper = new KeeperOnDevnet(devnet, prepared, relay, folder, node.url, edit);
    keeper.atEnd(() => rm(folder, { recursive: true, force: true }));
    keeper.atEnd(() => relay.stop());
    keeper.atEnd(async () => removePool());
    keeper.atEnd(() => node.stop());
  });
  afterEach(async () => {
    await keeper?.end();
    keeper = undefined;
  });
  return () => {
    if (keeper === undefined) throw new Error('the keeper is there inside tests only');
    return keeper;
  };
}
