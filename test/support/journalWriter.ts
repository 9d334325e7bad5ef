import { writeSync } from 'node:fs';
import { sqlite } from '../../src/adapters/stores/index.ts';
import { sampleAttempt, sampleDecision, sampleOrder } from './journalSamples.ts';

/** Writes into the journal named on the command line until it is killed, and says what was acknowledged. */
const [path = '', start = '0'] = process.argv.slice(2);
const store = await sqlite.open({ path, readOnly: false });
const acknowledge = (line: string) => writeSync(1, `${line}\n`);

acknowledge('ready');
for (let n = Number(start); ; n += 1) {
  const order = sampleOrder(BigInt(n));
  const decision = await store.recordDecision(sampleDecision(BigInt(n)), () => order);
  acknowledge(`decision ${decision} ${n}`);
  acknowledge(`order ${order.id} ${n}`);
  await store.appendEvent(order.id, { kind: 'signed', attempt: sampleAttempt(n) }, n);
  acknowledge(`signed ${order.id} ${n}`);
  await store.remember('eth-strangle', 'last', n);
  acknowledge(`memory last ${n}`);
}
