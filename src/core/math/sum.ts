/**
 * Sum of many numbers with the rounding errors carried along (A. Neumaier, 1974): long and short positions that cancel
 * leave what is really left, and the order of the terms does not matter beyond the last digit.
 */
export function compensatedSum(terms: ArrayLike<number>): number {
  return compensatedSumOf(terms, (term) => term);
}

/** {@link compensatedSum} of one number of each item. */
export function compensatedSumOf<T>(items: ArrayLike<T>, numberOf: (item: T) => number): number {
  let sum = 0;
  let lost = 0;
  for (let index = 0; index < items.length; index += 1) {
    const term = numberOf(items[index] as T);
    const next = sum + term;
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
  }
  return sum + lost;
}
