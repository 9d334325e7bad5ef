/** How one question came out. */
export type Settled<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: unknown };

/**
 * Waits for the answers to several questions until `isEnough` is content, all have come, or the time is over.
 *
 * @param mostMs milliseconds; what has not come by then is null
 * @returns one place per question, in their order
 */
export function gather<T>(
  questions: readonly Promise<T>[],
  isEnough: (answers: readonly (Settled<T> | null)[]) => boolean,
  mostMs: number,
): Promise<readonly (Settled<T> | null)[]> {
  const answers: (Settled<T> | null)[] = questions.map(() => null);
  let left = questions.length;
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      resolve([...answers]);
    };
    const timer = setTimeout(end, mostMs);
    const take = (index: number, answer: Settled<T>) => {
      answers[index] = answer;
      left -= 1;
      if (left === 0 || isEnough(answers)) end();
    };
    for (const [index, question] of questions.entries()) {
      question.then(
        (value) => take(index, { ok: true, value }),
        (error) => take(index, { ok: false, error }),
      );
    }
    if (left === 0) end();
  });
}

/** How often each answer was given, by key, the most frequent first. */
export function tally<T>(
  answers: readonly (Settled<T> | null)[],
  keyOf: (value: T) => string,
): readonly { readonly key: string; readonly value: T; readonly count: number }[] {
  const votes = new Map<string, { key: string; value: T; count: number }>();
  for (const answer of answers) {
    if (!answer?.ok) continue;
    const key = keyOf(answer.value);
    const vote = votes.get(key) ?? { key, value: answer.value, count: 0 };
    vote.count += 1;
    votes.set(key, vote);
  }
  return [...votes.values()].sort((a, b) => b.count - a.count);
}

/** More than half of so many. */
export function majorityOf(count: number): number {
  return Math.floor(count / 2) + 1;
}
