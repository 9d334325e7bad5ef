/** A seeded source of uniform numbers strictly between 0 and 1: xorshift128 (G. Marsaglia, 2003), 52 bits a draw. */
export function seededUniform(seed: number): () => number {
  let x = (seed ^ 0x9e3779b9) >>> 0 || 1;
  let y = 362436069;
  let z = 521288629;
  let w = 88675123;
  const next = () => {
    const mixed = (x ^ (x << 11)) >>> 0;
    x = y;
    y = z;
    z = w;
    w = (w ^ (w >>> 19) ^ mixed ^ (mixed >>> 8)) >>> 0;
    return w;
  };
  // Seeds that differ in a few bits need some rounds to part.
  for (let i = 0; i < 50; i++) next();
  return () => ((next() >>> 6) * 2 ** 26 + (next() >>> 6) + 0.5) / 2 ** 52;
}

/** Standard normal draws from a uniform source (G. Box and M. Muller, 1958). */
export function normalSource(uniform: () => number): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const kept = spare;
      spare = undefined;
      return kept;
    }
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/** Draws of how often an event of the given mean happens, by multiplying uniforms (D. Knuth, 1969). */
export function poissonDraw(uniform: () => number, mean: number): number {
  const bound = Math.exp(-mean);
  let count = 0;
  for (let product = uniform(); product > bound; product *= uniform()) count += 1;
  return count;
}
