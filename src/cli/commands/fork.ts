import { Command } from 'commander';
/** placeholder */
export function forkCommand(): Command {
  return new Command('fork');
}
