/**
 * Sum of many numbers with the rounding errors carried along (A. Neumaier, 1974): long and short positions that cancel
 * leave what is really left, and the order of the terms does not matter beyond the last digit.
 */
export function compensatedSum(terms: Iterable<number>): number {
  let sum = 0;
  let lost = 0;
  for (const term of terms) {
    const next = sum + term;
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
  }
  return sum + lost;
}
