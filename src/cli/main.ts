#!/usr/bin/env node
import { CommanderError } from 'commander';
import { createProgram } from './program.ts';
import { JSON_SCHEMA } from './terminal.ts';

// A reader that has seen enough (`ballast doctor | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

try {
  await (await createProgram(process.argv.slice(2))).parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
  if (error.exitCode !== 0 && process.argv.includes('--json')) {
    const isHelp = error.code === 'commander.help';
    const message = isHelp ? 'no such command: ballast help shows what there is' : error.message;
    process.stdout.write(`${JSON.stringify({ schema: JSON_SCHEMA, error: { code: 'USAGE', message } })}\n`);
  }
}
