import { count } from '../../core/report/numbers.ts';
import { haltStatus } from '../../runtime/arm/resume.ts';
import { unaskedEndpoint } from '../../runtime/keeper/keeperHealth.ts';
import { keeperNote } from '../../runtime/keeper/keeperNote.ts';
import { readRelayHealths, relayScores } from '../../runtime/relayScores.ts';
import type { JournalWatch } from '../journalWatch.ts';
import type { DashboardSource } from '../source.ts';
import type { SystemDocument } from '../systemDocument.ts';
import { configLimits } from './limits.ts';

/** What the keeper stands on: build, journal, chain, relays, rules. @throws JournalError */
export async function systemDocument(source: DashboardSource, watch: JournalWatch): Promise<SystemDocument> {
  const { store, config, version, clock } = source;
  const names = watch.histories.map(({ vault }) => vault);
  const [note, healths, head, arming] = await Promise.all([
    keeperNote(store),
    readRelayHealths(store, names),
    source.chainHead?.() ?? null,
    source.arming?.() ?? [],
  ]);
  const statuses = await Promise.all(
    names.map(async (vault) => ({ vault, ...(await haltStatus(store, vault)) })),
  );
  const health = source.health?.() ?? null;
  const unconfigured = config.chainId === null ? 'not known without a config' : 'no longer configured';
  const relayNames = [...new Set([...config.relays.map(({ name }) => name), ...healths.keys()])];
  const time = (seconds: number) =>
    `${new Date(seconds * 1_000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  const orders = watch.histories.reduce((sum, { orders: own }) => sum + own.length, 0);
  const decisions = watch.histories.reduce((sum, { columns }) => sum + columns.length, 0);
  return {
    build: [
      { name: 'ballast', value: version },
      { name: 'node', value: process.version },
      {
        name: 'config',
        value: config.file ?? (config.chainId === null ? 'none: the journal alone' : 'of the demo'),
      },
      { name: 'schedule', value: config.schedule },
    ],
    keeper:
      note === null
        ? []
        : [
            { name: 'mode', value: note.mode },
            { name: 'version', value: note.version },
            { name: 'process', value: String(note.pid) },
            { name: 'started', value: time(note.startedAtSeconds) },
            { name: 'ended', value: note.endedAtSeconds === null ? 'no' : time(note.endedAtSeconds) },
          ],
    arming,
    journal: [
      { name: 'store', value: config.journal },
      { name: 'vaults', value: count(names.length) },
      { name: 'decisions read', value: `${count(decisions)}${watch.isComplete ? '' : ', still reading'}` },
      { name: 'orders read', value: count(orders) },
    ],
    chain: {
      id: config.chainId,
      head:
        head !== null && 'head' in head
          ? { blockNumber: String(head.head.number), atSeconds: head.head.timestampSeconds }
          : null,
      why: head === null ? 'no chain is configured here' : 'why' in head ? head.why : null,
    },
    endpoints: config.endpoints.map((endpoint) => ({
      ...endpoint,
      health: health && (health.endpoints[endpoint.name] ?? unaskedEndpoint),
    })),
    probationSeconds: config.probationSeconds,
    halts: statuses
      .filter(({ halt, resumed }) => halt !== null || resumed !== null)
      .map(({ vault, halt, resumed }) => ({
        vault,
        halt,
        resumed: resumed && { by: resumed.by, reason: resumed.reason, atSeconds: resumed.atSeconds },
      })),
    channels: config.channels.map((channel) => ({
      ...channel,
      failures: health && (health.channels[channel.name]?.failures ?? 0),
      lastFailureAtSeconds: health?.channels[channel.name]?.lastFailureAtSeconds ?? null,
    })),
    lasting: health?.lasting ?? null,
    operations: config.operations,
    relays: relayScores(relayNames, healths, clock.nowSeconds()).map((score) => ({
      ...score,
      kind: config.relays.find(({ name }) => name === score.name)?.kind ?? unconfigured,
    })),
    vaults: config.vaults.map(({ name, policy, limits, quote }) => ({
      name,
      policy,
      limits: configLimits(limits, quote),
    })),
  };
}
