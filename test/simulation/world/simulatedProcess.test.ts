import { describe, expect, it } from 'vitest';
import { randomStream } from '../../../src/sim/random.ts';
import { type CallFate, SimulatedProcess } from './simulatedProcess.ts';
import { Timeline } from './timeline.ts';

const drained = () => new Promise<void>((resolve) => setImmediate(resolve));

function processWith(fate: CallFate | null) {
  const timeline = new Timeline(0, randomStream(1, 'ties'));
  let deaths = 0;
  const process = new SimulatedProcess(
    timeline,
    () => fate,
    () => {
      deaths += 1;
    },
  );
  const effects: number[] = [];
  const told: string[] = [];
  const call = () =>
    void process
      .call({
        port: 'port',
        effect: () => effects.push(timeline.nowSeconds),
        whenLost: () => {
          throw new Error('lost');
        },
      })
      .then(
        () => told.push(`answered at ${timeline.nowSeconds}`),
        (thrown: Error) => told.push(`${thrown.message} at ${timeline.nowSeconds}`),
      );
  return { timeline, process, effects, told, call, deaths: () => deaths };
}

describe('a simulated process', () => {
  it('answers at once where nothing befalls a call', async () => {
    const { call, effects, told } = processWith(null);
    call();
    await drained();
    expect([effects, told]).toEqual([[0], ['answered at 0']]);
  });

  it.each([
    ['before', []],
    ['after', [0]],
  ] as const)('dies %s the effect of a call, and nobody is ever answered', async (when, expected) => {
    const { call, effects, told, deaths } = processWith({ kind: 'crash', when });
    call();
    call();
    await drained();
    expect([effects, told, deaths()]).toEqual([expected, [], 1]);
  });

  it.each([
    ['question', []],
    ['answer', [0]],
  ] as const)('tells the caller late that the %s was lost', async (what, expected) => {
    const { call, effects, told, timeline } = processWith({ kind: 'lost', what, seconds: 7 });
    call();
    timeline.step();
    await drained();
    expect([effects, told]).toEqual([expected, ['lost at 7']]);
  });

  it('has a delayed effect and a delayed answer at times of their own', async () => {
    const { call, effects, told, timeline } = processWith({
      kind: 'delayed',
      effectSeconds: 3,
      answerSeconds: 4,
    });
    call();
    timeline.step();
    timeline.step();
    await drained();
    expect([effects, told]).toEqual([[3], ['answered at 7']]);
  });

  it('leaves nothing to a process that died meanwhile', async () => {
    const { call, effects, told, timeline, process } = processWith({
      kind: 'delayed',
      effectSeconds: 3,
      answerSeconds: 4,
    });
    call();
    process.kill();
    timeline.step();
    await drained();
    expect([effects, told]).toEqual([[], []]);
  });
});
