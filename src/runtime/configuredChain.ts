import {
  type ChainOptions,
  type EndpointEvent,
  isLoopbackUrl,
  type NamedEndpoint,
} from '../adapters/chain/index.ts';
import type { Alert } from '../ports/ambient.ts';
import type { ChainConfig, EndpointConfig } from './config/chain.ts';

/** What is told of a request to an endpoint: its name, the method, how long it took, and the code of its error or null. */
export type ObserveRequest = (
  endpoint: string,
  method: string,
  seconds: number,
  errorCode: string | null,
) => void;

/** What a command changes of how the configured endpoints are asked. */
export interface ChainAsking {
  /** Longest wait for one answer, milliseconds; what the config says unless given. */
  readonly timeoutMs?: number;
  readonly retries?: number;
  /** Told when an endpoint is dropped and when it is taken back. */
  readonly report?: (event: EndpointEvent) => void;
  /** Told of every request that was made. */
  readonly observe?: ObserveRequest;
}

/** The configured endpoints and rules, as the chain adapter takes them. */
export function chainOptions(chain: ChainConfig, asking: ChainAsking = {}): ChainOptions {
  const { id, endpoints, quorum, lagBlocks, lagSeconds, probationSeconds } = chain;
  return {
    endpoints: endpoints.map((endpoint) => endpointOptions(endpoint, asking)),
    chainId: id,
    ...(quorum === null ? {} : { quorum }),
    health: { lagBlocks, lagSeconds, probationSeconds },
    ...(asking.report === undefined ? {} : { report: asking.report }),
  };
}

/** One configured endpoint, as the chain adapter takes it. */
export function endpointOptions(endpoint: EndpointConfig, asking: ChainAsking = {}): NamedEndpoint {
  const { name, url, wsUrl, roles, perSecond, timeoutSeconds } = endpoint;
  return {
    name,
    url,
    roles,
    timeoutMs: asking.timeoutMs ?? timeoutSeconds * 1_000,
    ...(wsUrl === null ? {} : { wsUrl }),
    ...(perSecond === null ? {} : { requestsPerSecond: perSecond }),
    ...(asking.observe === undefined
      ? {}
      : { onRequest: (method, seconds, code) => asking.observe?.(name, method, seconds, code) }),
    ...(asking.retries === undefined ? {} : { retries: asking.retries }),
  };
}

/** Where in the config something of the chain leaves this machine. */
export function remoteEndpoints({ endpoints }: ChainConfig): readonly string[] {
  const isRemote = ({ url, wsUrl }: EndpointConfig) =>
    !isLoopbackUrl(url) || (wsUrl !== null && !isLoopbackUrl(wsUrl));
  const [first] = endpoints;
  if (endpoints.length === 1 && first?.name === 'rpc') return isRemote(first) ? ['chain.rpc'] : [];
  return endpoints.filter(isRemote).map(({ name }) => `chain.endpoints.${name}`);
}

/** Tells people which endpoint is left out, why, and when it is back. */
export function endpointAlerts(alert: Alert): (event: EndpointEvent) => void {
  return ({ kind, endpoint, reason, facts }) => {
    const topic = { rule: 'endpoint', subject: endpoint, isOver: kind === 'readmitted' } as const;
    if (kind === 'readmitted')
      alert.send('info', `endpoint ${endpoint} is asked again`, { endpoint, ...facts }, topic);
    else
      alert.send(
        'warning',
        `endpoint ${endpoint} is left out: ${reason}`,
        { endpoint, reason, ...facts },
        topic,
      );
  };
}
