/** Where a simplex search ended. */
export interface SimplexMinimum {
  readonly point: readonly number[];
  readonly value: number;
  readonly evaluations: number;
}

/** The simplex search of J. Nelder and R. Mead (1965): what one takes to fit a model without derivatives. */
export function nelderMead(
  objective: (point: readonly number[]) => number,
  start: readonly number[],
  { size, tolerance, maxEvaluations }: { size: number; tolerance: number; maxEvaluations: number },
): SimplexMinimum {
  let evaluations = 0;
  const vertexAt = (point: readonly number[]) => {
    evaluations += 1;
    return { point, value: objective(point) };
  };
  let simplex = [start, ...start.map((_, i) => start.map((x, j) => (i === j ? x + size : x)))].map(vertexAt);
  while (evaluations < maxEvaluations) {
    simplex.sort((a, b) => a.value - b.value);
    const best = simplex[0]!;
    const worst = simplex.at(-1)!;
    if (worst.value - best.value < tolerance) break;
    const others = simplex.slice(0, -1);
    const centre = start.map((_, i) => others.reduce((sum, { point }) => sum + point[i]!, 0) / others.length);
    const along = (step: number) => vertexAt(centre.map((c, i) => c + step * (worst.point[i]! - c)));
    const reflected = along(-1);
    if (reflected.value < best.value) {
      const expanded = along(-2);
      simplex = [...others, expanded.value < reflected.value ? expanded : reflected];
    } else if (reflected.value < others.at(-1)!.value) {
      simplex = [...others, reflected];
    } else {
      const contracted = along(reflected.value < worst.value ? -0.5 : 0.5);
      simplex =
        contracted.value < Math.min(reflected.value, worst.value)
          ? [...others, contracted]
          : [
              best,
              ...simplex.slice(1).map(({ point }) => vertexAt(point.map((x, i) => (x + best.point[i]!) / 2))),
            ];
    }
  }
  simplex.sort((a, b) => a.value - b.value);
  return { ...simplex[0]!, evaluations };
}
