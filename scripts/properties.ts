/**
 * `npm run test:properties`: the tests that hold for whatever they are given, on examples that `npm test` has not tried:
 * round after round, each with a seed of its own. A line for each round; exits 1 where any failed, naming its seed.
 *
 *   npm run test:properties                                        20 rounds
 *   npm run test:properties -- --rounds 200 test/unit/core/amm     more of them, on some files
 *   BALLAST_SEED=17 npx vitest run --project unit test/unit/core   that seed once more
 */
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './tests/run.ts';
import { conclude, sumOf, type Tally, tallyOf } from './tests/tally.ts';
import { runVitest } from './tests/vitest.ts';
import { wholeNumber } from './wholeNumber.ts';

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '20' } },
  allowPositionals: true,
});
const rounds = wholeNumber('rounds', values.rounds);

const wanted = positionals.length > 0 ? positionals : ['test/unit'];
const files = readdirSync(join(root, 'test/unit'), { recursive: true, encoding: 'utf8' })
  .map((file) => join('test/unit', file))
  .filter((file) => file.endsWith('.test.ts') && wanted.some((part) => file.includes(part)))
  .filter((file) => readFileSync(join(root, file), 'utf8').includes("from 'fast-check'"));
if (files.length === 0) throw new Error(`no test of ${wanted.join(', ')} states a property`);

const tallies: Tally[] = [];
for (let round = 1; round <= rounds; round += 1) {
  const seed = randomInt(2 ** 31);
  const ran = await runVitest(['--project', 'unit', ...files], {
    environment: { BALLAST_SEED: String(seed) },
    isShown: false,
  });
  const tally = tallyOf(ran);
  tallies.push({ ...tally, failures: tally.failures.map((failure) => `BALLAST_SEED=${seed} ${failure}`) });
  console.log(
    `round ${round} of ${rounds}, seed ${seed}: ${tally.passed} passed, ${tally.failures.length} failed`,
  );
}
conclude(sumOf(tallies));
