import { Command } from 'commander';
/** placeholder */
export function doctorCommand(): Command {
  return new Command('doctor');
}
