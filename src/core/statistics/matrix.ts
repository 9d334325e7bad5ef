/** A small dense matrix, row by row. */
export type Matrix = readonly (readonly number[])[];

/** Product of two matrices whose inner sizes agree. */
export function multiply(a: Matrix, b: Matrix): number[][] {
  return a.map((row) =>
    b[0]!.map((_, column) => row.reduce((sum, value, k) => sum + value * b[k]![column]!, 0)),
  );
}

/** Rows turned into columns. */
export function transpose(matrix: Matrix): number[][] {
  return matrix[0]!.map((_, column) => matrix.map((row) => row[column]!));
}

/**
 * Inverse of a symmetric positive definite matrix by Cholesky's factorisation (A.-L. Cholesky, 1910), scaled to a unit
 * diagonal first so that unlike units do not pass for a singularity.
 *
 * @returns undefined when the matrix is not positive definite
 */
export function invertPositiveDefinite(matrix: Matrix): number[][] | undefined {
  const size = matrix.length;
  const scale = matrix.map((row, i) => Math.sqrt(row[i]!));
  if (!scale.every((value) => value > 0 && Number.isFinite(value))) return undefined;
  const factor = matrix.map((row) => row.map(() => 0));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i]![j]! / (scale[i]! * scale[j]!);
      for (let k = 0; k < j; k++) rest -= factor[i]![k]! * factor[j]![k]!;
      if (i !== j) factor[i]![j] = rest / factor[j]![j]!;
      else if (rest > 1e-14) factor[i]![i] = Math.sqrt(rest);
      else return undefined;
    }
  }
  const columns = matrix.map((_, column) => solve(factor, column));
  return columns.map((column, i) => column.map((value, j) => value / (scale[i]! * scale[j]!)));
}

/** Solves L L' x = the unit vector of `column`. */
function solve(factor: Matrix, column: number): number[] {
  const size = factor.length;
  const half = new Array<number>(size).fill(0);
  for (let i = 0; i < size; i++) {
    let rest = i === column ? 1 : 0;
    for (let k = 0; k < i; k++) rest -= factor[i]![k]! * half[k]!;
    half[i] = rest / factor[i]![i]!;
  }
  const x = new Array<number>(size).fill(0);
  for (let i = size - 1; i >= 0; i--) {
    let rest = half[i]!;
    for (let k = i + 1; k < size; k++) rest -= factor[k]![i]! * x[k]!;
    x[i] = rest / factor[i]![i]!;
  }
  return x;
}
