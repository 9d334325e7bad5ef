import type { Decision } from '../../core/decision.ts';
import { reasonWords } from '../../core/report/reasonWords.ts';
import { signed } from './numbers.ts';

/** A reason in a few words, with the level that was crossed where there is one. */
export function shortReason(decision: Decision): string {
  const { band, netDelta } = decision.numbers;
  if (decision.code !== 'beyondBand' || band === null || netDelta === null) return reasonWords(decision.code);
  const side = netDelta > 0 ? 'sell' : 'buy';
  return `beyond ${side} act ${signed(band[side].act)}`;
}

export { reasonWords };
