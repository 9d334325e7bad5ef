import { Command } from 'commander';
/** placeholder */
export function mandateCommand(): Command {
  return new Command('mandate');
}
