/**
 * A number with the given significant digits, never in exponent form below 1e21, thousands separated by commas.
 *
 * @example significant(1234.5678, 4) // '1,235'
 */
export function significant(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(digits));
  const magnitude = Math.floor(Math.log10(Math.abs(rounded)));
  return fixed(value, Math.min(12, Math.max(0, digits - 1 - magnitude)));
}

/**
 * A number with fixed decimals, thousands separated by commas, and a real minus sign never shown for zero.
 *
 * @example fixed(-1234.5, 2) // '−1,234.50'
 */
export function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return '–';
  const text = Math.abs(value).toFixed(decimals);
  const point = text.indexOf('.');
  const whole = point < 0 ? text.length : point;
  // Three digits have no comma: looking for one is most of the work.
  const unsigned =
    whole <= 3 ? text : text.slice(0, whole).replace(/\B(?=(\d{3})+$)/g, ',') + text.slice(whole);
  return value < 0 && Number(text) !== 0 ? `−${unsigned}` : unsigned;
}

/**
 * An amount of base with its sign always shown, four decimals: the way net delta is printed everywhere.
 *
 * @example signed(1.84) // '+1.8400'
 */
export function signed(value: number, decimals = 4): string {
  if (!Number.isFinite(value)) return '–';
  const text = fixed(value, decimals);
  return text.startsWith('−') ? text : `+${text}`;
}
