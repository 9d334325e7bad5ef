import PQueue from 'p-queue';
import { messageOf } from '../../core/errors.ts';
import type { AlertChannel, AlertMessage } from '../../ports/alertChannel.ts';
import type { Alert, Clock, Log } from '../../ports/ambient.ts';
import type { AlertSettings } from '../config/operations.ts';
import type { Redactor } from '../log/redact.ts';
import { type AlertBook, type BookStep, keyOf, release, take } from './book.ts';
import { type AlertMemory, noMemory } from './memory.ts';

/** A channel with what is told there. */
export interface OpenedChannel extends AlertSettings {
  readonly channel: AlertChannel;
}

/** How long and how often a channel is tried, and how much may wait for it. */
export interface DeliveryLimits {
  readonly timeoutMs: number;
  /** Waits before the tries after the first, milliseconds. */
  readonly retryMs: readonly number[];
  /** More than this waiting: the newest is given up. */
  readonly mostWaiting: number;
  /** How long closing waits for what is on its way. */
  readonly closeMs: number;
}

/** Limits that suit services on the internet. */
const defaultDelivery: DeliveryLimits = {
  timeoutMs: 10_000,
  retryMs: [1_000, 5_000],
  mostWaiting: 100,
  closeMs: 3_000,
};

/** What the dispatcher works with. */
export interface DispatcherOptions {
  readonly channels: readonly OpenedChannel[];
  /** Which keeper says so. */
  readonly source: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly redact: Pick<Redactor, 'text'>;
  /** Told when a channel did not take a message. */
  readonly onFailure: (channel: string) => void;
  /** What was told before this start; nothing unless given. */
  readonly memory?: AlertMemory;
  readonly limits?: DeliveryLimits;
}

/** Tells people through every channel that wants to hear it. */
export interface Dispatcher extends Alert {
  /** Tells what was held back and still lasts. To be called now and then. */
  turn(): void;
  /** Waits a little for what is on its way. */
  close(): Promise<void>;
}

/** Sending returns at once, whatever channels do: each has its own queue, and nothing waits for it. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { clock, log, source, redact } = options;
  const lines = options.channels.map((channel) => createLine(channel, options));
  const lasting = new Set(lines.flatMap((line) => line.lasting()));
  return {
    send(severity, title, facts, { rule, subject, isOver = false }) {
      const key = `${rule} ${subject}`;
      // Conditions are told at every look: the log wants their beginning and their end.
      const isNews = isOver ? lasting.delete(key) : !lasting.has(key);
      if (isOver && !isNews) return;
      if (!isOver) lasting.add(key);
      const say = severity === 'info' ? log.info : log.warn;
      if (isNews) say.call(log, { severity, rule, subject, ...facts }, title);
      const message: AlertMessage = {
        rule,
        subject: redact.text(subject),
        severity,
        status: isOver ? 'recovered' : 'raised',
        title: redact.text(title),
        facts: Object.fromEntries(
          Object.entries(facts).map(([name, value]) => [name, redact.text(String(value))]),
        ),
        atSeconds: clock.nowSeconds(),
        source,
        unsaid: 0,
      };
      for (const line of lines) line.hear(message);
    },
    turn: () => {
      for (const line of lines) line.turn();
    },
    async close() {
      const { closeMs } = options.limits ?? defaultDelivery;
      const late = new AbortController();
      await Promise.race([Promise.all(lines.map((line) => line.idle())), clock.sleep(closeMs, late.signal)]);
      late.abort();
      for (const line of lines) line.end();
    },
  };
}

interface Line {
  /** What the channel was told of before this start and not the end of. */
  lasting(): readonly string[];
  hear(message: AlertMessage): void;
  turn(): void;
  idle(): Promise<void>;
  end(): void;
}

function createLine(opened: OpenedChannel, options: DispatcherOptions): Line {
  const { clock, log, onFailure, limits = defaultDelivery, memory = noMemory } = options;
  const { name, channel } = opened;
  const queue = new PQueue({ concurrency: 1 });
  const ending = new AbortController();
  let book = memory.recall(name);
  // Kept is what was taken: what a channel never got is told again by the next keeper.
  let taken = book;

  const deliver = async (message: AlertMessage, after: AlertBook) => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const signal = AbortSignal.any([AbortSignal.timeout(limits.timeoutMs), ending.signal]);
        // A channel that does not heed the signal must not hold its line for ever.
        await Promise.race([channel.send(message, signal), whenAborted(signal)]);
        const key = keyOf(message);
        taken = new Map(taken).set(key, after.get(key)!);
        memory.keep(name, taken);
        return;
      } catch (error) {
        const waitMs = limits.retryMs[attempt];
        if (waitMs === undefined || ending.signal.aborted) {
          onFailure(name);
          log.warn({ channel: name, rule: message.rule, error: messageOf(error) }, 'an alert was not taken');
          return;
        }
        await clock.sleep(waitMs, ending.signal);
      }
    }
  };
  const tell = ({ book: after, tell: messages }: BookStep) => {
    book = after;
    for (const message of messages) {
      if (queue.size >= limits.mostWaiting) {
        onFailure(name);
        continue;
      }
      void queue.add(() => deliver(message, after));
    }
  };
  return {
    lasting: () => [...taken].flatMap(([key, { isRaised }]) => (isRaised ? [key] : [])),
    hear: (message) => tell(take(book, message, opened, clock.nowSeconds())),
    turn: () => tell(release(book, opened, clock.nowSeconds())),
    idle: () => queue.onIdle(),
    end: () => {
      queue.clear();
      ending.abort();
    },
  };
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(signal.reason instanceof Error ? signal.reason : new Error('no answer in time'));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
