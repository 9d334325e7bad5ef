import { Command } from 'commander';
/** placeholder */
export function statusCommand(): Command { return new Command('status'); }
