/**
 * A keeper with plug-ins of one's own, in shadow: it decides and journals, and sends nothing.
 *
 *   RPC_URL=… node --import tsx examples/plug-ins/keeper.ts examples/plug-ins/ballast.yaml
 */
import { createLog, createRedactor, keep, loadConfig, openShadow, systemTools } from 'ballast';
import { ownRegistry } from './registry.ts';

const [file = 'ballast.yaml'] = process.argv.slice(2);
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());

const redactor = createRedactor();
const tools = {
  ...systemTools(createLog(redactor, 'info'), redactor, stop.signal),
  registry: ownRegistry,
};
const config = await loadConfig(file, tools);
const open = await openShadow(config, tools);
try {
  await keep({
    open,
    schedule: config.schedule,
    onResults: (results) => {
      for (const { vault, decision } of results)
        console.log(vault, decision.kind, decision.code, decision.why);
    },
    once: process.argv.includes('--once'),
    stop: stop.signal,
  });
} finally {
  await open.close();
}
