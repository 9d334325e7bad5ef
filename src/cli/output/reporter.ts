import { havePassed } from '../../core/havePassed.ts';
import type { TickResult } from '../../engine/tick.ts';
import type { VaultSetup } from '../../engine/world.ts';
import type { OpenWorld } from '../../runtime/worlds/tools.ts';
import type { Terminal } from '../terminal.ts';
import { timeOfDay } from './numbers.ts';
import { decisionWords, keeperLine, settledWords, warningLines } from './ticks.ts';

const HEARTBEAT_SECONDS = 60;

/** Prints what a keeper does as it does it. */
export interface KeeperReporter {
  results(results: readonly TickResult[]): void;
  /** Resolves when everything handed in has been printed. */
  flushed(): Promise<void>;
}

interface Said {
  readonly words: string;
  readonly atSeconds: number;
}

/**
 * One line per changed decision and per thing that became of an order; a heartbeat line a minute otherwise.
 *
 * @param stampOf what stands in front of a line; the time unless given
 */
export function keeperReporter(
  { world, vaults }: OpenWorld,
  terminal: Terminal,
  stampOf: (result: TickResult) => string = () => timeOfDay(world.clock.nowSeconds()),
): KeeperReporter {
  const width = Math.max(...vaults.map(({ terms }) => terms.name.length));
  const setups = new Map(vaults.map((vault) => [vault.terms.name, vault]));
  const said = new Map<string, Said>();
  let printing: Promise<void> = Promise.resolve();

  const print = async (result: TickResult) => {
    const say = (vault: string, words: string) =>
      terminal.line(...keeperLine(stampOf(result), vault, words, width));
    const setup = setups.get(result.vault);
    if (setup !== undefined) for (const words of await settledLines(result, setup)) say(result.vault, words);
    const words = decisionWords(result, terminal.style);
    const before = said.get(result.vault);
    const now = world.clock.nowSeconds();
    const subject = subjectOf(result);
    const isNews = before?.words !== subject || result.order !== null;
    if (!isNews && !havePassed(HEARTBEAT_SECONDS, before.atSeconds, now)) return;
    said.set(result.vault, { words: subject, atSeconds: now });
    say(result.vault, words);
    if (isNews) for (const warning of warningLines(result, terminal.style)) say(result.vault, warning);
  };

  const settledLines = async (result: TickResult, setup: VaultSetup) => {
    const lines: string[] = [];
    for (const { orderId, event } of result.settled) {
      const history = await world.store.order(orderId);
      const index = history?.events.findLastIndex((stored) => stored.event.kind === event.kind) ?? -1;
      const words = history === null ? null : settledWords(history, index, setup, terminal.style);
      if (words !== null) lines.push(words);
    }
    return lines;
  };

  return {
    results: (results) => {
      printing = printing.then(async () => {
        for (const result of results) await print(result);
      });
    },
    flushed: () => printing,
  };
}

/** What makes a decision another one: its kind and reason, and what it warns of; not its numbers. */
function subjectOf({ decision }: TickResult): string {
  return [decision.kind, decision.code, ...decision.warnings.map(({ code }) => code)].join(' ');
}
