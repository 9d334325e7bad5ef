import WebSocket from 'ws';
import type { Member } from './member.ts';

/** How a subscription is kept alive. */
export interface HeadWatchOptions {
  readonly url: string;
  /** Called on every announced head. */
  readonly wake: () => void;
  /** Silence after which the connection counts as dead, milliseconds; 60,000 unless given. */
  readonly silenceMs?: number;
  /** Wait before connecting again, milliseconds, doubled up to `mostDelayMs`; 500 unless given. */
  readonly delayMs?: number;
  /** 30,000 milliseconds unless given. */
  readonly mostDelayMs?: number;
  /** Chance in [0, 1) that spreads reconnections; the machine's unless given. */
  readonly random?: () => number;
}

/** A header is below 2 kB; whatever is far above it is none. */
const MOST_MESSAGE_BYTES = 256 * 1024;
const HANDSHAKE_MS = 10_000;
const subscribe = '{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}';

/**
 * Follows the heads that a node announces over a websocket (`eth_subscribe newHeads`). A connection that breaks, stays
 * silent or refuses is opened again after a growing wait; what it misses meanwhile is found by polling.
 *
 * @returns what ends it
 */
export function watchHeads(options: HeadWatchOptions): () => void {
  const { silenceMs = 60_000, delayMs = 500, mostDelayMs = 30_000, random = Math.random } = options;
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let attempts = 0;
  let isEnded = false;

  const after = (milliseconds: number, act: () => void) => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(act, milliseconds);
  };
  const reconnect = () => {
    socket?.removeAllListeners();
    socket?.on('error', () => undefined);
    socket?.terminate();
    socket = null;
    if (isEnded) return;
    const wait = Math.min(delayMs * 2 ** attempts, mostDelayMs);
    attempts = Math.min(attempts + 1, MOST_DOUBLINGS);
    after(wait * (1 + random() / 2), connect);
  };
  const connect = () => {
    socket = new WebSocket(options.url, {
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: MOST_MESSAGE_BYTES,
      followRedirects: false,
    });
    socket.on('open', () => socket?.send(subscribe));
    socket.on('message', (data) => {
      const kind = kindOf(String(data));
      if (kind === 'refusal') return reconnect();
      after(silenceMs, reconnect);
      if (kind !== 'head') return;
      attempts = 0;
      options.wake();
    });
    socket.on('error', reconnect);
    socket.on('close', reconnect);
    after(silenceMs, reconnect);
  };
  connect();
  return () => {
    isEnded = true;
    if (timer !== null) clearTimeout(timer);
    reconnect();
  };
}

/** Whether a websocket takes a subscription to new heads within so many milliseconds. */
export function announcesHeads(url: string, mostMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, { maxPayload: MOST_MESSAGE_BYTES, followRedirects: false });
    const end = (answer: boolean) => {
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      socket.terminate();
      resolve(answer);
    };
    const timer = setTimeout(() => end(false), mostMs);
    socket.on('open', () => socket.send(subscribe));
    socket.on('message', (data) => end(kindOf(String(data)) !== 'refusal'));
    socket.on('error', () => end(false));
    socket.on('close', () => end(false));
  });
}

/** Keeps the power of two small; the wait is bounded by its own limit long before. */
const MOST_DOUBLINGS = 16;

/** What a message is; anything unreadable counts as an endpoint that cannot announce heads. */
function kindOf(text: string): 'head' | 'refusal' | 'other' {
  try {
    const message = JSON.parse(text) as { readonly method?: unknown; readonly error?: unknown } | null;
    if (message?.method === 'eth_subscription') return 'head';
    return message?.error === undefined ? 'other' : 'refusal';
  } catch {
    return 'refusal';
  }
}

/** The announced heads of several endpoints, watched while anybody listens. */
export interface AnnouncedHeads {
  /** Gives what ends listening. */
  listen(wake: () => void): () => void;
  close(): void;
}

/** Watches the heads of every member that announces them, from the first listener to the last. */
export function announcedHeads(members: readonly Member[]): AnnouncedHeads {
  const listeners = new Set<() => void>();
  let endings: readonly (() => void)[] = [];
  const wake = () => {
    for (const listener of listeners) listener();
  };
  const close = () => {
    for (const end of endings) end();
    endings = [];
  };
  return {
    listen(listener) {
      if (listeners.size === 0)
        endings = members.flatMap(({ wsUrl }) => (wsUrl === null ? [] : [watchHeads({ url: wsUrl, wake })]));
      // The same function may listen twice.
      const own = () => listener();
      listeners.add(own);
      return () => {
        if (listeners.delete(own) && listeners.size === 0) close();
      };
    },
    close() {
      listeners.clear();
      close();
    },
  };
}
