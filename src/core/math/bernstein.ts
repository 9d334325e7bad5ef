/** Pieces looked at before an answer is given up; a proof takes a few dozen. */
const MAX_PIECES = 4000;
/** Values below this share of a piece's largest coefficient are rounding. */
const ROUNDING = 1e-12;

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly tested: readonly number[];
  readonly condition: readonly number[];
}

/**
 * Looks for a point y in [0, Infinity) at which one polynomial is negative while another is positive, and proves that
 * there is none otherwise: with y = t / (1 - t) coefficients over the binomials are those of S. Bernstein's form on
 * [0, 1], which bound the polynomial (G. Cargo and O. Shisha, 1966); pieces without a proof are halved by P. de
 * Casteljau's rule.
 *
 * @param tested coefficients from the constant up
 * @param condition where this is not positive `tested` may be anything; always by default
 * @returns such a y (Infinity when the leading terms say so), or undefined when there is none, up to rounding
 */
export function negativeOnHalfLine(
  tested: readonly number[],
  condition: readonly number[] = [1],
): number | undefined {
  const pieces: Piece[] = [
    { from: 0, to: 1, tested: bernsteinForm(tested), condition: bernsteinForm(condition) },
  ];
  let last = 0;
  for (let count = 0; count < MAX_PIECES; count++) {
    const piece = pieces.pop();
    if (piece === undefined) return undefined;
    const tolerance = ROUNDING * piece.tested.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (piece.tested[0]! < -tolerance && piece.condition[0]! > 0) return halfLine(piece.from);
    if (piece.tested.at(-1)! < -tolerance && piece.condition.at(-1)! > 0) return halfLine(piece.to);
    const isProved =
      piece.tested.every((value) => value >= -tolerance) || piece.condition.every((value) => value <= 0);
    if (isProved) continue;
    const middle = (piece.from + piece.to) / 2;
    const [testedLeft, testedRight] = halves(piece.tested);
    const [conditionLeft, conditionRight] = halves(piece.condition);
    pieces.push({ from: middle, to: piece.to, tested: testedRight, condition: conditionRight });
    pieces.push({ from: piece.from, to: middle, tested: testedLeft, condition: conditionLeft });
    last = piece.from;
  }
  // Neither proof nor example: whoever asks must take it for a failure.
  return halfLine(last);
}

function halfLine(t: number): number {
  return t === 1 ? Number.POSITIVE_INFINITY : t / (1 - t);
}

function bernsteinForm(coefficients: readonly number[]): number[] {
  const degree = coefficients.length - 1;
  let binomial = 1;
  return coefficients.map((coefficient, i) => {
    const scaled = coefficient / binomial;
    binomial = (binomial * (degree - i)) / (i + 1);
    return scaled;
  });
}

function halves(values: readonly number[]): [left: number[], right: number[]] {
  const left: number[] = [];
  const right: number[] = [];
  let row = [...values];
  while (row.length > 0) {
    left.push(row[0]!);
    right.push(row.at(-1)!);
    row = row.slice(1).map((value, i) => (value + row[i]!) / 2);
  }
  return [left, right.reverse()];
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

/** A polynomial times a number. */
export function scalePolynomial(coefficients: readonly number[], factor: number): number[] {
  return coefficients.map((value) => value * factor);
}
