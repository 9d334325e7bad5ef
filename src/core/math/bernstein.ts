/** Pieces looked at before an answer is given up; a proof takes a few dozen. */
const MAX_PIECES = 4000;
/** Values below this share of a piece's largest coefficient are rounding. */
const ROUNDING = 1e-12;

/**
 * Looks for a point y in [0, Infinity) at which a polynomial is negative, and proves that there is none otherwise: with
 * y = t / (1 - t) its coefficients over the binomials are those of S. Bernstein's form on [0, 1], which bound it
 * (G. Cargo and O. Shisha, 1966); pieces without a proof are halved by P. de Casteljau's rule.
 *
 * @param coefficients from the constant up
 * @returns a y at which it is negative (Infinity for the leading term), or undefined when it is not, up to rounding
 */
export function negativeOnHalfLine(coefficients: readonly number[]): number | undefined {
  const degree = coefficients.length - 1;
  let binomial = 1;
  const whole = coefficients.map((coefficient, i) => {
    const scaled = coefficient / binomial;
    binomial = (binomial * (degree - i)) / (i + 1);
    return scaled;
  });
  const pieces: { readonly from: number; readonly to: number; readonly values: readonly number[] }[] = [
    { from: 0, to: 1, values: whole },
  ];
  for (let count = 0; count < MAX_PIECES; count++) {
    const piece = pieces.pop();
    if (piece === undefined) return undefined;
    const { from, to, values } = piece;
    const tolerance = ROUNDING * values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (!(values[0]! >= -tolerance)) return from / (1 - from);
    if (!(values[degree]! >= -tolerance)) return to === 1 ? Number.POSITIVE_INFINITY : to / (1 - to);
    if (values.every((value) => value >= -tolerance)) continue;
    const middle = (from + to) / 2;
    const { left, right } = halves(values);
    pieces.push({ from: middle, to, values: right }, { from, to: middle, values: left });
  }
  const { from } = pieces.at(-1)!;
  return from / (1 - from);
}

function halves(values: readonly number[]): { readonly left: number[]; readonly right: number[] } {
  const left: number[] = [];
  const right: number[] = [];
  let row = [...values];
  while (row.length > 0) {
    left.push(row[0]!);
    right.unshift(row.at(-1)!);
    row = row.slice(1).map((value, i) => (value + row[i]!) / 2);
  }
  return { left, right };
}

/** Product of two polynomials, coefficients from the constant up. */
export function multiplyPolynomials(left: readonly number[], right: readonly number[]): number[] {
  const product = new Array<number>(left.length + right.length - 1).fill(0);
  left.forEach((a, i) => {
    right.forEach((b, j) => {
      product[i + j] = product[i + j]! + a * b;
    });
  });
  return product;
}

/** Sum of two polynomials, coefficients from the constant up. */
export function addPolynomials(left: readonly number[], right: readonly number[]): number[] {
  const [longer, shorter] = left.length >= right.length ? [left, right] : [right, left];
  return longer.map((value, i) => value + (shorter[i] ?? 0));
}
