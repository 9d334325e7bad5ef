import { expect, it } from 'vitest';
import { watchSilence } from '../../../../src/runtime/keeper/silence.ts';

const PATIENCE_SECONDS = 60;

/** A watch whose clock moves on only when told to: every sleep that it covers ends. */
function watched(isStopping = () => false) {
  let nowSeconds = 10_000;
  let wake = () => {};
  const ending = new AbortController();
  const told: string[] = [];
  const watch = watchSilence({
    patienceSeconds: PATIENCE_SECONDS,
    clock: {
      nowSeconds: () => nowSeconds,
      sleep: () => new Promise((resolve) => (wake = resolve)),
    },
    alerts: { send: (severity, title) => void told.push(`${severity}: ${title}`), turn() {} },
    isStopping,
    signal: ending.signal,
  });
  const pass = async (seconds: number) => {
    nowSeconds += seconds;
    wake();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { watch, told, pass, end: () => ending.abort() };
}

it('tells once nothing was decided for longer than its patience, and that it goes on', async () => {
  const { watch, told, pass, end } = watched();
  await pass(60);
  expect(told).toEqual([]);
  await pass(15);
  watch.heard();
  expect(told).toEqual(['critical: nothing was decided for 75 s', 'info: decisions are made again']);
  end();
});

it('tells as soon where the clock was set back meanwhile', async () => {
  const { told, pass, end } = watched();
  await pass(-3_600);
  await pass(61);
  expect(told).toEqual(['critical: nothing was decided for 61 s']);
  end();
});

it('says nothing of a keeper that was told to stop, nor once it has ended', async () => {
  const { told, pass, end } = watched(() => true);
  await pass(100);
  expect(told).toEqual([]);
  const other = watched();
  other.end();
  await other.pass(100);
  expect(other.told).toEqual([]);
  end();
});
