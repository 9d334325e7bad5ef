import { describe, expect, it } from 'vitest';
import { type JournalVerb, journalPlace } from '../../../../src/runtime/journal/upkeep.ts';

const verbs: readonly JournalVerb[] = ['info', 'backup', 'restore', 'prune', 'migrate'];
const server = { kind: 'postgres', config: { url: 'postgres://me:secret@host/db', schema: 'keeper_one' } };

describe('the journal that ballast journal works on', () => {
  it('is the file of the config, with how long it keeps decisions', () => {
    const config = { path: 'a.sqlite', retentionDays: 30 };
    expect(journalPlace({ kind: 'sqlite', config }, 'prune')).toEqual(config);
    expect(journalPlace({ kind: 'sqlite', config: { path: 'a.sqlite' } }, 'info').retentionDays).toBe(null);
  });

  const refusalOf = (verb: JournalVerb) => {
    try {
      return { message: String(journalPlace(server, verb)), action: '' };
    } catch (error) {
      return error as { readonly message: string; readonly action: string };
    }
  };

  it.each(verbs)('on a server, %s says what to do instead, and no password', (verb) => {
    const { message, action } = refusalOf(verb);
    expect(message).toBe(`ballast journal ${verb} is for a journal in a file; this one is kept by postgres`);
    expect(action).not.toBe('');
    expect(`${message}${action}`).not.toContain('secret');
  });

  it('names the schema where it is needed', () => {
    expect(refusalOf('backup').action).toContain('pg_dump --schema=keeper_one');
    expect(refusalOf('prune').action).toContain('keeper_one stays');
    expect(new Set(verbs.map((verb) => refusalOf(verb).action)).size).toBe(verbs.length);
  });
});
