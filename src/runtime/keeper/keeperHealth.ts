import type { Alert, Clock } from '../../ports/ambient.ts';
import type { ObserveRequest } from '../configuredChain.ts';

/** How an endpoint has done since the keeper started. */
export interface EndpointHealth {
  readonly requests: number;
  readonly errors: number;
  readonly lastError: { readonly code: string; readonly atSeconds: number } | null;
  /** Null where it is asked. */
  readonly leftOut: { readonly reason: string; readonly sinceSeconds: number } | null;
}

/** What an alert channel did not take since the keeper started. */
export interface ChannelHealth {
  readonly failures: number;
  readonly lastFailureAtSeconds: number;
}

/** A condition that people are told of and that is not over. */
export interface LastingAlert {
  readonly rule: string;
  readonly subject: string;
  readonly severity: string;
  readonly title: string;
  readonly sinceSeconds: number;
}

/** What a keeper alone knows of how its surroundings do: in no journal, and gone with the process. */
export interface KeeperHealth {
  readonly endpoints: Readonly<Record<string, EndpointHealth>>;
  readonly channels: Readonly<Record<string, ChannelHealth>>;
  /** The one that began last first. */
  readonly lasting: readonly LastingAlert[];
}

/** Takes in what passes by, and tells it. */
export interface HealthBook {
  readonly observeRequest: ObserveRequest;
  /** The same alerts, listened to on their way. */
  listening(alert: Alert): Alert;
  channelFailed(channel: string): void;
  health(): KeeperHealth;
}

/** Conditions that are kept: more of them are one thing gone wrong in many places. */
const MOST_LASTING = 100;

/** An endpoint that nothing was asked of yet. */
export const unaskedEndpoint: EndpointHealth = { requests: 0, errors: 0, lastError: null, leftOut: null };

/** An empty book. Its size is bounded by the config's endpoints and channels, and by a bound of its own for conditions. */
export function createHealthBook({ nowSeconds }: Pick<Clock, 'nowSeconds'>): HealthBook {
  const endpoints = new Map<string, EndpointHealth>();
  const channels = new Map<string, ChannelHealth>();
  const lasting = new Map<string, LastingAlert>();
  const of = (endpoint: string) => endpoints.get(endpoint) ?? unaskedEndpoint;
  return {
    observeRequest(endpoint, _method, _seconds, code) {
      const { requests, errors, ...before } = of(endpoint);
      const lastError = code === null ? before.lastError : { code, atSeconds: nowSeconds() };
      endpoints.set(endpoint, {
        ...before,
        requests: requests + 1,
        errors: errors + (code === null ? 0 : 1),
        lastError,
      });
    },
    listening: (alert) => ({
      send(severity, title, facts, topic) {
        alert.send(severity, title, facts, topic);
        const { rule, subject, isOver = false } = topic;
        if (rule === 'endpoint') {
          const reason = String(facts.reason ?? title);
          const sinceSeconds = of(subject).leftOut?.sinceSeconds ?? nowSeconds();
          endpoints.set(subject, { ...of(subject), leftOut: isOver ? null : { reason, sinceSeconds } });
        }
        const key = `${rule} ${subject}`;
        const { sinceSeconds = nowSeconds() } = lasting.get(key) ?? {};
        lasting.delete(key);
        if (!isOver) lasting.set(key, { rule, subject, severity, title, sinceSeconds });
        const [oldest] = lasting.keys();
        if (lasting.size > MOST_LASTING && oldest !== undefined) lasting.delete(oldest);
      },
    }),
    channelFailed(channel) {
      const failures = (channels.get(channel)?.failures ?? 0) + 1;
      channels.set(channel, { failures, lastFailureAtSeconds: nowSeconds() });
    },
    health: () => ({
      endpoints: Object.fromEntries(endpoints),
      channels: Object.fromEntries(channels),
      lasting: [...lasting.values()].toSorted((a, b) => b.sinceSeconds - a.sinceSeconds),
    }),
  };
}
