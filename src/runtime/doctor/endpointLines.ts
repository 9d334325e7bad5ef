import { isLoopbackUrl, openEndpoint } from '../../adapters/chain/index.ts';
import { messageOf } from '../../core/errors.ts';
import { max } from '../../core/units.ts';
import type { EndpointConfig } from '../config/chain.ts';
import { endpointOptions } from '../configuredChain.ts';
import { type Check, type Finding, fail, ok, warn } from './checks.ts';
import type { Shared } from './shared.ts';

/** What one endpoint says of itself. */
export type EndpointLook =
  | {
      readonly endpoint: EndpointConfig;
      readonly chainId: number;
      readonly number: bigint;
      readonly timestampSeconds: number;
      readonly milliseconds: number;
      /** Its block at the height that all have. */
      readonly hashInCommon: string | null;
      /** Null where it names no websocket. */
      readonly announces: boolean | null;
    }
  | { readonly endpoint: EndpointConfig; readonly failure: string };

type Answered = Extract<EndpointLook, { readonly chainId: number }>;

/** What the lines are judged by. */
export interface EndpointJudging {
  readonly chainId: number;
  readonly nowSeconds: number;
  readonly lateSeconds: number;
  readonly lagBlocks: number;
}

/** A line for each of several endpoints; one alone has the chain's line. */
export function endpointsCheck(shared: Shared, lateSeconds: number, announces: Announces): Check {
  return {
    name: 'endpoints',
    async look() {
      const { id, endpoints, lagBlocks } = shared.config.chain;
      if (endpoints.length === 1 && endpoints[0]?.wsUrl === null) return [];
      const looks = await lookAtAll(endpoints, id, announces);
      const nowSeconds = shared.tools.clock.nowSeconds();
      return endpointFindings(looks, { chainId: id, nowSeconds, lateSeconds, lagBlocks });
    },
  };
}

/** Whether a websocket takes a subscription to new heads. */
export type Announces = (wsUrl: string) => Promise<boolean>;

const isAnswered = (look: EndpointLook): look is Answered => 'chainId' in look;

async function lookAtAll(
  endpoints: readonly EndpointConfig[],
  chainId: number,
  announces: Announces,
): Promise<readonly EndpointLook[]> {
  const opened = endpoints.map((endpoint) => ({
    endpoint,
    rpc: openEndpoint(endpointOptions(endpoint, { timeoutMs: 4_000, retries: 0 })),
  }));
  try {
    const looks = await Promise.all(opened.map((one) => lookAt(one.endpoint, one.rpc, announces)));
    const right = looks.filter(isAnswered).filter((look) => look.chainId === chainId);
    const common = right.map(({ number }) => number).sort((a, b) => (a < b ? -1 : 1))[0];
    return Promise.all(
      looks.map(async (look, index) => {
        if (!isAnswered(look) || look.chainId !== chainId || common === undefined) return look;
        const tag = `0x${common.toString(16)}`;
        const block = await ask(opened[index]!.rpc, 'eth_getBlockByNumber', [tag, false]).catch(() => null);
        return { ...look, hashInCommon: (block as { readonly hash?: string } | null)?.hash ?? null };
      }),
    );
  } finally {
    for (const { rpc } of opened) rpc.close();
  }
}

type Rpc = ReturnType<typeof openEndpoint>;

const ask = (rpc: Rpc, method: string, params: readonly unknown[]) => rpc.request(method, params);

async function lookAt(endpoint: EndpointConfig, rpc: Rpc, announces: Announces): Promise<EndpointLook> {
  try {
    const started = performance.now();
    const [chainId, latest] = await Promise.all([
      ask(rpc, 'eth_chainId', []),
      ask(rpc, 'eth_getBlockByNumber', ['latest', false]),
    ]);
    const milliseconds = Math.round(performance.now() - started);
    const block = latest as { readonly number: string; readonly timestamp: string };
    return {
      endpoint,
      chainId: Number(chainId),
      number: BigInt(block.number),
      timestampSeconds: Number(block.timestamp),
      milliseconds,
      hashInCommon: null,
      announces: endpoint.wsUrl === null ? null : await announces(endpoint.wsUrl),
    };
  } catch (error) {
    return { endpoint, failure: messageOf(error).split('\n')[0] ?? '' };
  }
}

/** The lines of endpoints that were looked at: whether each answers, is on the chain, agrees and keeps up. */
export function endpointFindings(
  looks: readonly EndpointLook[],
  judging: EndpointJudging,
): readonly Finding[] {
  const right = looks.filter(isAnswered).filter((look) => look.chainId === judging.chainId);
  const highest = right.reduce((most, { number }) => max(most, number), 0n);
  const agreed = majorityHash(right);
  return looks.map((look) => {
    const check = `endpoint ${look.endpoint.name}`;
    if (!isAnswered(look))
      return fail(check, look.failure, 'see whether its url is right and the node is up');
    const heard = `answers in ${look.milliseconds} ms, id ${look.chainId}`;
    if (look.chainId !== judging.chainId) {
      return fail(check, `${heard}, expected ${judging.chainId}`, 'take it out, or correct its url');
    }
    const behind = highest - look.number;
    const age = Math.max(0, Math.round(judging.nowSeconds - look.timestampSeconds));
    const isLocal = isLoopbackUrl(look.endpoint.url);
    const head = `block ${look.number}${isLocal ? '' : `, ${age} s old`}`;
    const lag = behind === 0n ? 'level with the others' : `${behind} behind the others`;
    const found = `${heard}, ${head}, ${right.length === 1 ? 'alone' : lag}`;
    if (look.hashInCommon !== null && agreed !== null && look.hashInCommon !== agreed)
      return fail(check, `${found}, on another fork`, 'the keeper leaves it out; use another provider');
    if (agreed === null)
      return fail(check, `${found}, no majority`, 'the keeper holds while endpoints disagree; add a third');
    if (behind > BigInt(judging.lagBlocks) || (!isLocal && age > judging.lateSeconds))
      return warn(check, `${found}, agrees`, 'the node is behind: use another endpoint');
    if (look.announces === false)
      return warn(check, `${found}, agrees, no heads by websocket`, 'polling goes on; correct its wsUrl');
    return ok(check, `${found}, agrees${look.announces ? ', announces heads' : ''}`);
  });
}

/** The block hash that more than half have at the height that all have; null where there is none such. */
function majorityHash(looks: readonly Answered[]): string | null {
  const hashes = looks.map(({ hashInCommon }) => hashInCommon);
  return (
    hashes.find((hash) => hash && hashes.filter((one) => one === hash).length * 2 > hashes.length) ?? null
  );
}
