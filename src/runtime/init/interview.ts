import { openEndpoint } from '../../adapters/chain/endpoint.ts';
import { isLoopbackUrl, type OpenedChain, openChain } from '../../adapters/chain/index.ts';
import type { Address } from '../../core/units.ts';
import { UsageError } from '../errors.ts';
import type { Registry } from '../registry.ts';
import { type ConfigDraft, configText, guessesIn } from './configText.ts';
import { type Discovery, discover } from './discover.ts';
import { findAccount, findTokens, likelyPair, type PairNames } from './findVault.ts';
import { type KnownContracts, knownContracts } from './knownContracts.ts';
import { readReceived } from './received.ts';
import type { WrittenPart } from './tryParts.ts';

/** Answers that were given on the command line; what is not is found, asked or guessed. */
export interface InitAnswers {
  readonly rpc?: string;
  readonly chain?: number;
  readonly vault?: Address;
  readonly base?: string;
  readonly quote?: string;
  readonly baseFeed?: Address;
  readonly quoteFeed?: Address;
  /** A variable that holds the key, or a keystore file. */
  readonly key?: string;
  readonly relay?: string;
  readonly name?: string;
  readonly journal: string;
}

/** One question, with the answer that is taken for an empty line; null where there is none to propose. */
export interface Question {
  readonly flag: string;
  readonly text: string;
  readonly proposed: string | null;
}

/** What an interview needs beside its answers. */
export interface InterviewTools {
  readonly registry: Registry;
  readonly environment: (name: string) => string | undefined;
  /** Null where nobody is there to be asked: what is proposed is then taken. */
  readonly ask: ((question: Question) => Promise<string>) | null;
  /** Keystore files at hand. */
  readonly keystores: readonly string[];
  readonly onProgress: (text: string) => void;
}

/** What came of it. */
export interface InitResult {
  readonly text: string;
  readonly guesses: number;
  readonly discovery: Discovery;
  readonly draft: ConfigDraft;
}

const LOCAL_RPC = 'http://127.0.0.1:8545';
const RPC_VARIABLES = ['RPC_URL', 'ETH_RPC_URL'];
const MOST_QUESTIONS = 6;

/**
 * Finds everything that a config needs, asks for the rest (at most six questions), and writes its text.
 *
 * @throws UsageError for an answer that cannot be used, or one that is missing where nobody can be asked
 * @throws ChainUnavailableError, WrongChainError
 */
export async function interview(answers: InitAnswers, tools: InterviewTools): Promise<InitResult> {
  const { registry, onProgress } = tools;
  const answer = asking(tools);
  const rpc = await rpcOf(answers, tools, answer);
  const chainId = await chainIdOf(rpc.url, answers.chain, answer);
  const known = knownContracts(chainId);
  const chain = await openChain({ url: rpc.url, chainId });
  try {
    const vault = addressOf(
      answers.vault ?? (await answer({ flag: '--vault', text: "the vault's address", proposed: null })),
    );
    onProgress('looking at the vault');
    const block = await chain.head();
    await requireCode(rpc.url, vault, chainId);
    const found = await findAccount(chain, block, vault);
    const likely = await likelyPair(chain, block, vault, found.mandate, known);
    const pair = await pairOf(answers, likely, answer);
    const tokens = await findTokens(chain, block, pair, known);
    onProgress('looking for pools, feeds and positions');
    const received = await readReceived(rpc.url, vault, block.number);
    const request = { chain, block, account: vault, found, tokens, known, received, registry };
    const discovery = await discoverWithFeed(request, answers, answer);
    requirePools(discovery, known);
    const draft: ConfigDraft = {
      chainId,
      rpc: rpc.written,
      name: answers.name ?? `${discovery.base.symbol}-${discovery.quote.symbol}`.toLowerCase().slice(0, 31),
      vault,
      journalPath: answers.journal,
      signer: await signerOf(answers.key, tools, answer),
      ...(await relayOf(answers.relay, rpc.url, known, answer)),
      discovery,
    };
    const text = configText(draft);
    return { text, guesses: guessesIn(text), discovery, draft };
  } finally {
    chain.close();
  }
}

type Answer = (question: Question) => Promise<string>;

/** Asks as long as somebody is there and has not been asked too often; what is proposed counts otherwise. */
function asking({ ask }: InterviewTools): Answer {
  let asked = 0;
  return async (question) => {
    const { proposed, flag, text } = question;
    if (ask !== null && asked < MOST_QUESTIONS) {
      asked += 1;
      const typed = (await ask(question)).trim();
      if (typed !== '') return typed;
    }
    if (proposed !== null) return proposed;
    throw new UsageError('INPUT_MISSING', `${text} was not given, and cannot be found`, {
      action: `name it with ${flag}`,
    });
  };
}

/** An address that a variable holds is written as that variable: it may carry a provider's key. */
async function rpcOf(
  { rpc }: InitAnswers,
  { environment }: InterviewTools,
  answer: Answer,
): Promise<{ readonly url: string; readonly written: string }> {
  const variable = RPC_VARIABLES.find((name) => (environment(name) ?? '').trim() !== '');
  const proposed = variable === undefined ? LOCAL_RPC : `\${${variable}}`;
  const given = rpc ?? (await answer({ flag: '--rpc', text: "a node's JSON-RPC address", proposed }));
  const named = /^\$\{(\w+)\}$/.exec(given)?.[1];
  const url = named === undefined ? given : (environment(named) ?? '');
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError('USAGE', `${named ?? 'what was given'} holds no address of a node`, {
      action: `name it with --rpc, for example --rpc ${LOCAL_RPC}`,
    });
  }
  const holder = RPC_VARIABLES.find((name) => environment(name) === url);
  return { url, written: named === undefined && holder !== undefined ? `\${${holder}}` : given };
}

/** The chain is what the node says that it is; another answer is a mistake in one of the two. */
async function chainIdOf(url: string, given: number | undefined, answer: Answer): Promise<number> {
  const endpoint = openEndpoint({ url, timeoutMs: 10_000, retries: 1 });
  try {
    const served = Number(await endpoint.request('eth_chainId', []));
    const id =
      given ?? Number(await answer({ flag: '--chain', text: 'the chain', proposed: String(served) }));
    if (id === served) return id;
    throw new UsageError('USAGE', `the node serves chain ${served}, not ${id}`, {
      action: 'name the node of the chain that is meant with --rpc, or that chain with --chain',
    });
  } finally {
    endpoint.close();
  }
}

function addressOf(text: string): Address {
  if (/^0x[0-9a-fA-F]{40}$/.test(text)) return text as Address;
  throw new UsageError('USAGE', `${text} is no address`, { action: 'name the vault with --vault 0x…' });
}

async function requireCode(url: string, vault: Address, chainId: number): Promise<void> {
  const endpoint = openEndpoint({ url, timeoutMs: 10_000, retries: 1 });
  try {
    if ((await endpoint.request('eth_getCode', [vault, 'latest'])) !== '0x') return;
  } finally {
    endpoint.close();
  }
  throw new UsageError('USAGE', `${vault} is no contract on chain ${chainId}`, {
    action: 'a vault is a Safe or an OptionVault: check --vault, and that --rpc is of its chain',
  });
}

async function pairOf(
  { base, quote }: InitAnswers,
  likely: PairNames | null,
  answer: Answer,
): Promise<PairNames> {
  if (base !== undefined && quote !== undefined) return [base, quote];
  const proposed =
    likely === null && (base === undefined || quote === undefined)
      ? null
      : `${base ?? likely?.[0]}/${quote ?? likely?.[1]}`;
  const text = await answer({ flag: '--base and --quote', text: 'what is hedged, and in what', proposed });
  const [first = '', second = ''] = text.split('/').map((part) => part.trim());
  if (first !== '' && second !== '') return [first, second];
  throw new UsageError('USAGE', `${text} is no pair`, {
    action: 'write it as WETH/USDC, or as two addresses',
  });
}

type DiscoveryWithoutFeed = Omit<Parameters<typeof discover>[0], 'feeds'> & { readonly chain: OpenedChain };

/** A feed is asked for only where none was found. */
async function discoverWithFeed(
  request: DiscoveryWithoutFeed,
  { baseFeed, quoteFeed }: Pick<InitAnswers, 'baseFeed' | 'quoteFeed'>,
  answer: Answer,
): Promise<Discovery> {
  const first = await discover({ ...request, feeds: { base: baseFeed ?? null, quote: quoteFeed ?? null } });
  if (first.price.part !== null) return first;
  if (baseFeed !== undefined) {
    throw new UsageError('USAGE', first.price.why ?? 'no price was found', {
      action: 'name Chainlink proxies with --base-feed and --quote-feed',
    });
  }
  const text = `a Chainlink feed of ${first.base.symbol} (${first.price.why})`;
  const named = addressOf(await answer({ flag: '--base-feed', text, proposed: null }));
  return discoverWithFeed(request, { baseFeed: named, ...(quoteFeed && { quoteFeed }) }, answer);
}

function requirePools({ venues, base, quote }: Discovery, known: KnownContracts | null): void {
  if (venues.used.length > 0) return;
  const why =
    known === null
      ? 'this chain is not known here'
      : venues.leftOut.length > 0
        ? 'those there are are not in the mandate'
        : 'Uniswap has none with anything in it';
  throw new UsageError('POOLS_MISSING', `no pool of ${base.symbol} and ${quote.symbol} was found: ${why}`, {
    action: 'check --base and --quote, or write the config by hand from examples/ballast.yaml',
  });
}

async function signerOf(
  key: string | undefined,
  { keystores }: InterviewTools,
  answer: Answer,
): Promise<WrittenPart> {
  const proposed = keystores[0] ?? 'BALLAST_KEY';
  const text = "the keeper's key: a variable that holds it, or a keystore file";
  const named = key ?? (await answer({ flag: '--key', text, proposed }));
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(named)) return { kind: 'env', variable: named };
  return { kind: 'keystore', path: named, passwordVariable: 'BALLAST_KEYSTORE_PASSWORD' };
}

/** On this machine the node itself is the way; elsewhere the private relay that the chain has. */
async function relayOf(
  given: string | undefined,
  rpcUrl: string,
  known: KnownContracts | null,
  answer: Answer,
): Promise<Pick<ConfigDraft, 'relay' | 'identity'>> {
  const identity = { kind: 'env', variable: 'BALLAST_IDENTITY' };
  const local = { kind: 'publicRpc', url: rpcUrl, allowPublicMempool: true };
  const isLocal = isLoopbackUrl(rpcUrl);
  const { name, ...usual } = known?.relay ?? { name: 'flashbots', kind: 'flashbots', url: '' };
  const proposed = isLocal ? rpcUrl : usual.url === '' ? null : String(usual.url);
  const text = 'a relay to block builders';
  const url = given ?? (await answer({ flag: '--relay', text, proposed }));
  if (!URL.canParse(url)) {
    throw new UsageError('USAGE', `${url} is no address of a relay`, {
      action: 'name it with --relay https://…',
    });
  }
  if (url === rpcUrl && isLocal) {
    const guess = 'everybody sees what is sent here: fit for a chain on this machine, and for nothing else';
    return { relay: { name: 'node', part: local, guess }, identity: null };
  }
  const part = { ...usual, kind: usual.kind, url } as WrittenPart;
  const guess = url === usual.url ? null : `that it is of the kind ${usual.kind}`;
  return { relay: { name, part, guess }, identity: usual.kind === 'flashbots' ? identity : null };
}
