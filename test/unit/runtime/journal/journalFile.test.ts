import { describe, expect, it } from 'vitest';
import { type FileVerb, journalFile, journalUpkeep } from '../../../../src/runtime/journal/upkeep.ts';

const verbs: readonly FileVerb[] = ['backup', 'restore', 'migrate'];
const server = { kind: 'postgres', config: { url: 'postgres://me:secret@host/db', schema: 'keeper_one' } };

describe('the journal that ballast journal works on', () => {
  it('is the file of the config, with how long it keeps decisions', () => {
    const config = { path: 'a.sqlite', retentionDays: 30 };
    expect(journalFile({ kind: 'sqlite', config }, 'backup')).toBe('a.sqlite');
    expect(journalUpkeep({ kind: 'sqlite', config })).toMatchObject({
      place: { path: 'a.sqlite' },
      retentionDays: 30,
    });
    expect(journalUpkeep({ kind: 'sqlite', config: { path: 'a.sqlite' } }).retentionDays).toBe(null);
  });

  it('is a schema of a server, of whose address nothing is told', () => {
    const { place, retentionDays } = journalUpkeep(server);
    expect({ place, retentionDays }).toEqual({ place: { schema: 'keeper_one' }, retentionDays: null });
  });

  it('is of no other kind', () => {
    expect(() => journalUpkeep({ kind: 'ownKind', config: {} })).toThrow(/kept by ownKind/);
  });

  const refusalOf = (verb: FileVerb) => {
    try {
      return { message: journalFile(server, verb), action: '' };
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
    expect(refusalOf('restore').action).toContain('rename schema keeper_one');
    expect(new Set(verbs.map((verb) => refusalOf(verb).action)).size).toBe(verbs.length);
  });
});
