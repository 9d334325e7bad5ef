import { appendFile } from 'node:fs/promises';
import { registry, type Store, type StoreKind } from 'ballast';
import { z } from 'zod';

const config = z.strictObject({
  path: z.string().min(1).describe('the journal file'),
  audit: z.string().min(1).describe('gets a line of JSON for each decision'),
});
type AuditedConfig = z.infer<typeof config>;

/**
 * A store: the journal. This one is SQLite with a file beside it for auditors. A store of its own has to keep every promise in
 * `Store`'s comments (durable when a promise resolves, a decision with its order or neither); test/conformance/stores.test.ts
 * says what that means.
 */
export const auditedSqlite: StoreKind<AuditedConfig> = {
  summary: 'SQLite, and a line of JSON for each decision',
  config,
  sample: { path: 'ballast.sqlite', audit: 'decisions.jsonl' },
  async open({ path, audit }) {
    const { sqlite } = registry.stores;
    const inner = await sqlite!.open(sqlite!.config.parse({ path }));
    const recordDecision: Store['recordDecision'] = async (record, orderOf) => {
      const id = await inner.recordDecision(record, orderOf);
      const { vault, recordedAtSeconds, decision } = record;
      const line = {
        id,
        vault,
        recordedAtSeconds,
        kind: decision.kind,
        code: decision.code,
        why: decision.why,
      };
      await appendFile(audit, `${JSON.stringify(line)}\n`);
      return id;
    };
    return new Proxy(inner, {
      get(target, name) {
        if (name === 'recordDecision') return recordDecision;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  },
};
