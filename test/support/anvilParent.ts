/** A process that starts anvil, says its id and waits: to see what becomes of anvil when this process is killed. */
import { startAnvil } from '../../src/devnet/node/anvil.ts';

const { pid } = await startAnvil();
process.stdout.write(`${pid}\n`);
setInterval(() => {}, 1_000);
