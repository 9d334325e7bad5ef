import { BallastError, BlockGoneError, ChainUnavailableError, messageOf } from '../../../core/errors.ts';
import type { BlockFacts } from '../../../core/snapshot.ts';
import type { Address, Hash } from '../../../core/units.ts';
import type { Receipt } from '../../../ports/chain.ts';
import type { Endpoint } from '../endpoint.ts';
import { RpcError, WrongChainError } from '../errors.ts';
import { integerOf } from '../wire.ts';
import { type AgreementRules, agreedAt, agreedBlock, blockFrom, noted } from './agreement.ts';
import { gather } from './gather.ts';
import type { EndpointEvent, EndpointRole, HealthRules, NamedEndpoint } from './member.ts';
import { Member } from './member.ts';
import { confirmedNonces } from './nonces.ts';
import { agreedReceipt } from './receipts.ts';

/** Several endpoints of one chain, and when they are believed. */
export interface GroupOptions {
  readonly endpoints: readonly NamedEndpoint[];
  /** Refuses endpoints of any other chain; the first answer's chain where absent. */
  readonly chainId?: number;
  /** Endpoints that must agree; the majority where absent. */
  readonly quorum?: number;
  /** Longest wait for the slower ones where several are asked, milliseconds; 2,000 unless given. */
  readonly patienceMs?: number;
  readonly health?: Partial<HealthRules>;
  /** Seconds by a clock that nobody sets; since the process started unless given. */
  readonly nowSeconds?: () => number;
  /** Told when an endpoint is dropped and when it is taken back. */
  readonly report?: (event: EndpointEvent) => void;
}

const usualHealth: HealthRules = { lagBlocks: 3, lagSeconds: 30, failures: 3, probationSeconds: 60 };

/** The endpoints of one chain as one source. */
export class EndpointGroup {
  readonly chainId: number;
  readonly members: readonly Member[];
  readonly #rules: AgreementRules;
  readonly #nonce: ReturnType<typeof confirmedNonces>;

  constructor(chainId: number, members: readonly Member[], rules: AgreementRules) {
    this.chainId = chainId;
    this.members = members;
    this.#rules = rules;
    this.#nonce = confirmedNonces(rules, (number) => this.blockAt(number));
  }

  /** Those to ask in a role: the healthy ones; where they are too few to agree, also those that only failed or lagged. */
  inRole(role: EndpointRole): readonly Member[] {
    const able = this.members.filter((member) => member.roles.has(role) && member.isChecked);
    const healthy = able.filter((member) => member.isHealthy);
    const needed = role === 'head' ? (this.#rules.quorum ?? 1) : 1;
    const asked = healthy.length >= needed ? healthy : able.filter((member) => member.isHonest);
    if (asked.length === 0) throw new ChainUnavailableError(`no endpoint left that can be asked (${role})`);
    return asked;
  }

  /** The newest block that a quorum knows by hash. @throws ChainUnavailableError */
  async head(): Promise<BlockFacts> {
    try {
      const head = await agreedBlock(this.inRole('head'), 'latest', this.#rules);
      if (head === null) throw new ChainUnavailableError('no endpoint has a newest block');
      this.#probeDue(head);
      return head;
    } catch (error) {
      void this.#probeBesideHealthy();
      throw error;
    }
  }

  #probeDue(head: BlockFacts): void {
    for (const member of this.members) if (member.isDue) void this.#probe(member, head);
  }

  /** Where too few are left to agree, one that was dropped may be the one that is wanting: it is held against a healthy one. */
  async #probeBesideHealthy(): Promise<void> {
    if (!this.members.some((member) => member.isDue)) return;
    const healthy = this.members.find((member) => member.isHealthy && member.roles.has('head'));
    const block = healthy && (await blockFrom(healthy, 'latest').catch(() => null));
    if (block) this.#probeDue(block);
  }

  /** The newest block that a quorum calls final, null where they name none; nodes say that also as an error. */
  async finalized(): Promise<BlockFacts | null> {
    try {
      return await agreedBlock(this.inRole('head'), 'finalized', this.#rules);
    } catch (error) {
      if (error instanceof RpcError) return null;
      throw error;
    }
  }

  blockAt(number: bigint): Promise<BlockFacts | null> {
    return agreedAt(this.inRole('head'), number, this.#rules);
  }

  receipt(hash: Hash, within?: BlockFacts): Promise<Receipt | null> {
    return agreedReceipt(this.inRole('head'), hash, this.#rules, (number) => this.blockAt(number), within);
  }

  confirmedNonce(account: Address, at: BlockFacts): Promise<number> {
    return this.#nonce(this.inRole('head'), account, at);
  }

  /**
   * Asks one reading endpoint after the other, those first that are known to have the block, until one answers.
   *
   * @throws BlockGoneError where none has the block any more, otherwise what the first one failed with
   */
  async reading<T>(at: BlockFacts | null, ask: (endpoint: Endpoint) => Promise<T>): Promise<T> {
    const failures: unknown[] = [];
    for (const member of this.#ordered(at)) {
      try {
        return await noted(member, () => ask(member.endpoint));
      } catch (error) {
        if (!(error instanceof BallastError)) throw error;
        failures.push(error);
      }
    }
    throw failures.find((error) => error instanceof BlockGoneError) ?? failures[0];
  }

  #ordered(at: BlockFacts | null): readonly Member[] {
    const able = this.inRole('read');
    if (at === null) return able;
    return [...able.filter((one) => one.has(at.hash)), ...able.filter((one) => !one.has(at.hash))];
  }

  /** Looks at a dropped endpoint after its probation: right chain, same block at the agreed height. */
  async #probe(member: Member, head: BlockFacts): Promise<void> {
    member.isProbed = true;
    try {
      await checkChain(member, this.chainId);
      const own = await blockFrom(member, `0x${head.number.toString(16)}`);
      if (own?.hash === head.hash) member.readmit({ block: head.number });
      else member.stayOut();
    } catch {
      member.stayOut();
    } finally {
      member.isProbed = false;
    }
  }

  requests(): number {
    return this.members.reduce((sum, { endpoint }) => sum + endpoint.requests(), 0);
  }

  close(): void {
    for (const { endpoint } of this.members) endpoint.close();
  }
}

/**
 * Opens all endpoints and asks each for its chain. One of another chain is dropped, one that does not answer is looked at
 * again later; at least one must be right.
 *
 * @throws WrongChainError when those that answer serve another chain
 * @throws ChainUnavailableError when none answers
 */
export async function openGroup(options: GroupOptions): Promise<EndpointGroup> {
  const { report = () => {}, nowSeconds = () => performance.now() / 1_000, patienceMs = 2_000 } = options;
  const health = { ...usualHealth, ...options.health };
  const members = options.endpoints.map((one) => new Member(one, health, nowSeconds, report));
  const rules: AgreementRules = {
    quorum: options.quorum ?? null,
    // A single endpoint is waited for as long as its own time limits say.
    patienceMs: members.length === 1 ? MOST_WAIT_MS : patienceMs,
  };
  const asked = members.map((member) => noted(member, () => chainIdOf(member)));
  const first = await gather(asked, () => false, rules.patienceMs);
  const answers = first.some((answer) => answer?.ok) ? first : await gather(asked, () => false, MOST_WAIT_MS);
  const expected = options.chainId ?? answers.flatMap((answer) => (answer?.ok ? [answer.value] : []))[0];
  for (const [index, member] of members.entries()) {
    const answer = answers[index];
    if (answer?.ok && answer.value === expected) member.isChecked = true;
    else if (answer?.ok) member.drop('wrongChain', { found: answer.value, expected });
    else member.drop('fails', { why: answer?.ok === false ? messageOf(answer.error) : 'no answer in time' });
  }
  if (expected !== undefined && members.some((member) => member.isChecked))
    return new EndpointGroup(expected, members, rules);
  for (const { endpoint } of members) endpoint.close();
  const other = answers.find((answer) => answer?.ok);
  if (other?.ok && expected !== undefined) throw new WrongChainError(expected, other.value);
  const failure = answers.find((answer) => answer?.ok === false);
  throw failure?.ok === false ? failure.error : new ChainUnavailableError('no endpoint in time');
}

/** Endpoints bound their own answers; this only ends what would never end. */
const MOST_WAIT_MS = 10 * 60_000;

async function chainIdOf(member: Member): Promise<number> {
  return integerOf('eth_chainId', await member.endpoint.request('eth_chainId', []));
}

async function checkChain(member: Member, expected: number): Promise<void> {
  const found = await chainIdOf(member);
  if (found !== expected) throw new WrongChainError(expected, found);
  member.isChecked = true;
}
