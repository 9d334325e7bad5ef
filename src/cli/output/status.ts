import { reasonWords } from '../../core/report/reasonWords.ts';
import type { Config } from '../../runtime/config/schema.ts';
import type { VaultStatus } from '../../runtime/status.ts';
import { marginLines } from './margin.ts';
import { age, orUnknown, percent, quote, signed, UNKNOWN } from './numbers.ts';
import { shortReason } from './reasons.ts';
import type { Style } from './style.ts';
import { labelled, table } from './table.ts';

/** Vaults worst first, with what to do about each. */
export function statusLines(
  vaults: readonly VaultStatus[],
  config: Config,
  nowSeconds: number,
  style: Style,
): readonly string[] {
  const rows = vaults.map((vault) => {
    const numbers = vault.decision?.decision.numbers;
    return [
      vault.name,
      stateWord(vault, style),
      orUnknown(vault.netDelta, signed),
      orUnknown(vault.shareOfAct, (share) => percent(share, 0)),
      orUnknown(numbers?.exposure?.valueQuote ?? null, quote),
      String(vault.openOrders.length),
      vault.lastHedge === null ? UNKNOWN : age(nowSeconds - vault.lastHedge.atSeconds),
      vault.decision === null ? UNKNOWN : age(nowSeconds - vault.decision.recordedAtSeconds),
    ];
  });
  const lines = table(
    [
      { title: 'vault', align: 'left', mayShorten: true },
      { title: 'state', align: 'left' },
      { title: 'net delta', align: 'right' },
      { title: 'of act', align: 'right' },
      { title: 'value', align: 'right' },
      { title: 'open', align: 'right' },
      { title: 'hedged', align: 'right' },
      { title: 'decided', align: 'right' },
    ],
    rows,
  );
  const [title = '', ...body] = lines;
  return [
    style.dim(title),
    ...body,
    ...vaults.flatMap((vault) => reasonLines(vault, style)),
    ...scheduleLine(config),
  ];
}

function stateWord({ state }: VaultStatus, style: Style): string {
  switch (state) {
    case 'halt':
      return style.red('HALT');
    case 'beyond':
      return style.yellow('beyond');
    case 'open':
      return style.yellow('open');
    case 'unknown':
      return style.dim('unknown');
    case 'ok':
      return style.green('ok');
  }
}

function reasonLines(vault: VaultStatus, style: Style): readonly string[] {
  const { name, decision, openOrders } = vault;
  const orders = openOrders.map(({ id, status }) => `${id} ${status}`).join(', ');
  const open = orders === '' ? [] : labelled(`${name}  `, `open: ${orders}`, name.length + 2);
  const said = [...keptLines(vault, style), ...open, ...linesOfMargin(vault)];
  if (decision?.decision.kind !== 'halt' || decision.decision.code === vault.halts?.halt?.code) return said;
  const words = `${style.red(shortReason(decision.decision))}: ${decision.decision.why}`;
  return [...labelled(`${name}  `, words, name.length + 2), ...said];
}

function linesOfMargin({ name, margin, decision }: VaultStatus): readonly string[] {
  const terms = decision?.snapshot?.vault;
  if (terms === undefined || margin === null) return [];
  return marginLines(margin, terms, `${name}  `, name.length + 2);
}

/** What waits for somebody to resume the vault; or, where nothing does, why it was resumed last. */
function keptLines({ name, halts }: VaultStatus, style: Style): readonly string[] {
  const { halt = null, resumed = null } = halts ?? {};
  const say = (words: string) => labelled(`${name}  `, words, name.length + 2);
  if (halt !== null) return say(`${style.red(reasonWords(halt.code))}: ${halt.why}`);
  if (resumed === null) return [];
  const { by, reason, halt: ended } = resumed;
  return say(style.dim(`resumed by ${by} after ${reasonWords(ended.code)}: ${reason}`));
}

function scheduleLine({ schedule }: Config): readonly string[] {
  const words =
    schedule.kind === 'block'
      ? 'every block'
      : schedule.kind === 'interval'
        ? `every ${schedule.seconds} s`
        : `cron ${schedule.expression} ${schedule.timeZone}`;
  return ['', `schedule  ${words}`];
}
