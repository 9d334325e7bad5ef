import { basename, dirname, join } from 'node:path';
import type { RecordingSession } from '../../runtime/pools/recordFiles.ts';
import type { Terminal } from '../terminal.ts';
import { count } from './numbers.ts';
import { labelled, table } from './table.ts';

/** What was recorded and where it went; what was not, and why; and what to do with it. */
export function recordingLines(
  { chainId, block, recordings }: RecordingSession,
  notRecorded: readonly string[],
  { style, address: shown }: Pick<Terminal, 'style' | 'address'>,
): readonly string[] {
  const done = recordings.flatMap((recording) => (recording.ok ? [recording] : []));
  const failed = recordings.flatMap((recording) => (recording.ok ? [] : [recording]));
  const [title = '', ...rows] = table(
    [
      { title: 'pool', align: 'left' },
      { title: 'fee %', align: 'right' },
      { title: 'ticks', align: 'right' },
      { title: 'file', align: 'left' },
    ],
    done.map(({ pool, file, recorded }) => [
      shown(pool),
      String(recorded.pool.feePips / 10_000),
      count(recorded.pool.ticks.length),
      basename(file),
    ]),
  );
  const [first, second] = done;
  const files =
    first === undefined || second === undefined ? first?.file : join(dirname(first.file), '*.json');
  return [
    [
      `chain ${chainId}   block ${count(block.number)}   ${block.hash.slice(0, 10)}…`,
      ...(first === undefined ? [] : [`into ${dirname(first.file)}`]),
    ].join('   '),
    ...(done.length === 0 ? [] : [style.dim(title), ...rows]),
    ...failed.flatMap(({ pool, error }) =>
      labelled(style.red('fail'), `${shown(pool)}  ${error.message}`, 6),
    ),
    ...notRecorded.flatMap((kind) =>
      labelled(style.yellow('note'), `venues of kind ${kind} are not recorded: only Uniswap v3 pools are`, 6),
    ),
    ...(files === undefined ? [] : ['', `next  ballast depth --recorded ${files}`]),
  ];
}

/** The same as data. */
export function recordingJson(
  { chainId, block, recordings }: RecordingSession,
  notRecorded: readonly string[],
): Readonly<Record<string, unknown>> {
  return {
    chainId,
    block,
    pools: recordings.map((recording) => {
      if (!recording.ok) {
        const { code, message } = recording.error;
        return { pool: recording.pool, file: null, error: { code, message } };
      }
      const { pool, file, recorded } = recording;
      const { token0, token1 } = recorded;
      return { pool, file, token0, token1, fee: recorded.pool.feePips, ticks: recorded.pool.ticks.length };
    }),
    venuesNotRecorded: notRecorded,
  };
}
