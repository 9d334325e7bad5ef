import { Command } from 'commander';
/** placeholder */
export function devnetCommand(): Command { return new Command('devnet'); }
