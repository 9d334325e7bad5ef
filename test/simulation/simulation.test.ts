import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drained } from './drain.ts';
import { History } from './history.ts';
import { journalText } from './journalText.ts';
import { enoughHistories, neverReached } from './mustHappen.ts';
import { mutants } from './mutants.ts';
import { type CompiledSimulation, compileSimulation, runSimulation } from './run.ts';

/** Two cores that do nothing else play them in two minutes, at some 11 ms of processor time each. */
const histories = Number(process.env.BALLAST_HISTORIES ?? 20_000);
const workers = 2;
/** Every broken keeper is found within so many seeds. */
const seedsForMutant = 400;

let compiled: CompiledSimulation;

beforeAll(() => {
  compiled = compileSimulation();
});

afterAll(() => compiled.dispose());

describe('a keeper on a simulated chain, from seeds', () => {
  it(`keeps every promise in ${histories} histories, which reach every fault and every state`, async () => {
    const startedAt = performance.now();
    const result = await runSimulation(compiled, { firstSeed: 1, histories, workers });
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
    const days = (result.seconds / 86_400).toFixed(0);
    console.log(
      `${result.histories} histories, ${result.ticks} ticks, ${days} simulated days in ${seconds} s`,
    );
    const broken = result.violations.map(
      ({ seed, violation: { step, invariant, what } }) =>
        `${invariant} ${what}: npm run sim -- --seed ${seed} --until ${step}`,
    );
    expect(broken).toEqual([]);
    expect(result.histories).toBe(histories);
    if (histories >= enoughHistories) expect(neverReached(result.counts)).toEqual([]);
  }, 1_800_000);

  it('writes the same journal, byte for byte, from the same seed in two fresh threads', async () => {
    const options = { firstSeed: 1, histories: 40, workers: 1, wantsJournals: true };
    const first = await runSimulation(compiled, options);
    const second = await runSimulation(compiled, options);
    expect(first.journals.size).toBe(40);
    expect([...second.journals]).toEqual([...first.journals]);
    const distinct = new Set([...first.journals.values()].map(digest));
    expect(distinct.size).toBe(40);
  });

  it('writes the same journal whether it is traced or not, compiled or not', async () => {
    const { journals } = await runSimulation(compiled, {
      firstSeed: 3,
      histories: 1,
      workers: 1,
      wantsJournals: true,
    });
    const lines: string[] = [];
    const traced = await new History({ seed: 3, trace: (line) => lines.push(line) }).play(drained);
    expect(journalText(traced.disk)).toBe(journals.get(3));
    expect(lines.length).toBeGreaterThan(100);
  });
});

describe('a keeper that is broken on purpose', () => {
  it.each(mutants.map(({ name }) => name))(
    '%s: found, and found again by its seed and step',
    async (name) => {
      const { violations } = await runSimulation(compiled, {
        firstSeed: 1,
        histories: seedsForMutant,
        workers,
        mutant: name,
        stopsAtViolation: true,
      });
      const [found] = violations;
      expect(found, 'no seed found it').toBeDefined();
      if (found === undefined) return;
      const mutant = mutants.find((one) => one.name === name) ?? null;
      const untilStep = found.violation.step;
      const again = await new History({ seed: found.seed, mutant, untilStep }).play(drained);
      expect(again.violation).toEqual(found.violation);
    },
    300_000,
  );
});

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
