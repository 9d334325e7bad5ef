import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../../src/cli/output/errors.ts';
import { createProgram } from '../../../src/cli/program.ts';
import { BallastError, JournalError } from '../../../src/core/errors.ts';
import { ConfigError, NotArmedError, UsageError } from '../../../src/runtime/errors.ts';

const program = await createProgram();

describe('help', () => {
  const everyCommand = [program, ...program.commands.flatMap((command) => [command, ...command.commands])];
  const texts = everyCommand.map((command) => {
    const nameOf = command.parent?.parent ? `${command.parent.name()} ${command.name()}` : command.name();
    let text = '';
    command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
    return [nameOf, text] as const;
  });

  it.each(texts)('%s fits into 80 columns', (_, text) => {
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it.each(texts)('%s shows defaults as somebody would type them', (_, text) => {
    expect(text).not.toMatch(/default:\s+(\[|\{|null|undefined)/);
  });

  it('names every command of this version', () => {
    expect(program.commands.map((command) => command.name())).toEqual([
      'demo',
      'devnet',
      'init',
      'doctor',
      'plan',
      'stress',
      'run',
      'arm',
      'disarm',
      'resume',
      'fork',
      'rehearse',
      'mandate',
      'keys',
      'list',
      'status',
      'explain',
      'report',
      'dashboard',
      'journal',
      'replay',
      'backtest',
      'greeks',
      'vol',
      'depth',
      'calibrate',
      'record-pools',
    ]);
  });

  it.each(program.commands.map((command) => [command.name(), command] as const))(
    '%s says what it does',
    (_, command) => {
      expect(command.description().length).toBeGreaterThan(20);
      for (const option of command.options) expect(option.description).not.toBe('');
    },
  );
});

describe('what is loaded', () => {
  const namesOf = async (words: readonly string[]) =>
    (await createProgram(words)).commands.map((command) => command.name());

  it('is the command that is named, wherever its name stands', async () => {
    expect(await namesOf(['-c', 'mine.yaml', 'greeks', '--json'])).toEqual(['greeks']);
  });

  it.each([[[]], [['--help']], [['graeks']], [['help', 'greeks']]])('is all for %j', async (words) => {
    expect(await namesOf(words)).toHaveLength(program.commands.length);
  });
});

describe('exit codes', () => {
  it.each([
    [new ConfigError('f', []), 2],
    [new UsageError('X', 'x'), 2],
    [new NotArmedError(['chain.rpc']), 2],
    [new BallastError('SECRET_MISSING', 'x'), 2],
    [new BallastError('KEY_INVALID', 'x'), 2],
    [new JournalError('x'), 1],
    [new Error('x'), 1],
  ])('%s is %i', (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });
});
