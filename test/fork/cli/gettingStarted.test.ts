import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DevnetSession, startDevnetSession } from '../../../src/runtime/devnetSession.ts';
import { ballast } from '../../support/cli.ts';

const page = join(import.meta.dirname, '../../../docs/getting-started.md');

/** A command of the page, with what the page shows of its output. */
interface Step {
  readonly words: readonly string[];
  readonly shown: readonly string[];
}

let folder: string;
let session: DevnetSession;
let steps: readonly Step[];
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ballast-getting-started-'));
  session = await startDevnetSession({
    price: 3_000,
    poolFiles: [],
    venues: [],
    port: 0,
    everySeconds: 2,
    configFile: join(folder, 'ballast.yaml'),
    journalPath: 'ballast.sqlite',
  });
  const { keeper, identity } = session.keys;
  env = { BALLAST_KEY: keeper, BALLAST_IDENTITY: identity, NO_COLOR: '1' };
  steps = stepsOf(await readFile(page, 'utf8'));
});
afterAll(async () => {
  await session?.close();
  await rm(folder, { recursive: true, force: true });
});

function stepsOf(text: string): readonly Step[] {
  const blocks = [...text.matchAll(/^```console\n([\s\S]*?)^```/gm)].map(([, block = '']) => block);
  return blocks
    .flatMap((block) => block.split(/^\$ /m).slice(1))
    .map((part) => part.trimEnd().split('\n'))
    .filter(([command = '']) => command.startsWith('ballast '))
    .map(([command = '', ...shown]) => ({ words: command.split(' ').slice(1), shown }));
}

/** What stands at the beginning of each line: labels, modes, codes; no figures, since those are of a day. */
function labelsOf(lines: readonly string[]): readonly string[] {
  return lines
    .map((line) => /^[A-Za-z]\S*(?: [a-z]+)*/.exec(line)?.[0] ?? '')
    .filter((label) => label !== '' && !/\d/.test(label));
}

const stepOf = (...words: readonly string[]): Step => {
  const found = steps.find((step) => words.every((word) => step.words.includes(word)));
  if (found === undefined) throw new Error(`the page has no ballast ${words.join(' ')}`);
  return found;
};

/** Runs a command of the page, and gives the labels that the page shows and this run does not. */
async function missingFrom(
  step: Step,
  interruptWhen?: (stdout: string) => boolean,
): Promise<{ readonly missing: readonly string[]; readonly code: number | null }> {
  const mining = setInterval(() => void session.devnet.mineBlock().catch(() => {}), 1_000);
  try {
    const run = await ballast(step.words, {
      cwd: folder,
      env,
      ...(interruptWhen === undefined ? {} : { interruptWhen }),
    });
    const printed = labelsOf(`${run.stdout}\n${run.stderr}`.split('\n'));
    return { missing: labelsOf(step.shown).filter((label) => !printed.includes(label)), code: run.code };
  } finally {
    clearInterval(mining);
  }
}

describe('docs/getting-started.md, command by command', () => {
  it.each([
    [['doctor'], undefined, 0],
    [['plan'], undefined, 0],
    [['run'], 'inside band', 0],
    [['status'], undefined, 0],
    [['explain', 'd-1'], undefined, 0],
  ] as const)('ballast %j prints what the page shows', async (words, until, code) => {
    const interrupt = until === undefined ? undefined : (stdout: string) => stdout.includes(until);
    expect(await missingFrom(stepOf(...words), interrupt)).toEqual({ missing: [], code });
  });

  it('a fork moves along the page’s prices', async () => {
    const [, prices = ''] = /^\$ printf '(.*)' > fall\.csv$/m.exec(await readFile(page, 'utf8')) ?? [];
    await writeFile(join(folder, 'fall.csv'), prices.replaceAll('\\n', '\n'));
    expect(await missingFrom(stepOf('fork', '--path'))).toEqual({ missing: [], code: 0 });
  });

  it('shadow needs a journal of its own and no key', async () => {
    const config = await readFile(join(folder, 'ballast.yaml'), 'utf8');
    await writeFile(join(folder, 'shadow.yaml'), config.replace('ballast.sqlite', 'shadow.sqlite'));
    const isDone = (stdout: string) => /eth-strangle {2}h/.test(stdout);
    expect(await missingFrom(stepOf('run', '--shadow'), isDone)).toEqual({ missing: [], code: 0 });
  });

  it('armed: refused, armed, run, disarmed', async () => {
    const config = await readFile(join(folder, 'ballast.yaml'), 'utf8');
    const armed = join(folder, 'armed.yaml');
    await writeFile(armed, config.replace('ballast.sqlite', 'armed.sqlite'));
    await appendFile(armed, 'arming: { always: true }\n');
    const [refused] = steps.filter(({ words }) => words.includes('--once'));
    expect(await missingFrom(refused!)).toEqual({ missing: [], code: 2 });
    expect(await missingFrom(stepOf('arm'))).toEqual({ missing: [], code: 0 });
    expect(await missingFrom(stepOf('run', '--no-dashboard'))).toEqual({ missing: [], code: 0 });
    expect(await missingFrom(stepOf('disarm'))).toEqual({ missing: [], code: 0 });
    expect((await missingFrom(refused!)).code).toBe(2);
  });
});
