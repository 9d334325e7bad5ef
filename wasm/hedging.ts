/**
 * Options hedged by bands along simulated prices, two paths at a time: the vector twin of
 * `src/sim/montecarlo/hedgingLoop.ts`. AssemblyScript; `npm run wasm` compiles it and writes
 * `src/sim/montecarlo/hedgingKernel.generated.ts`.
 *
 * A pair of paths goes through some steps in short passes: normals; prices and what their deltas are made of; deltas; and
 * then every band along the same prices and deltas (common random numbers), so that a further band costs its trades only.
 */

/** Most steps of a path, bands, and pairs of paths in one call. */
export const maxSteps: i32 = 4096;
export const maxBands: i32 = 64;
export const maxPairs: i32 = 256;
/** Bytes from one column to the next. */
export const stepStride: usize = 4096 * 8 + 64;
export const bandStride: usize = 64 * 8;

/** Of each step: what is added to the log price to make d1, what that is multiplied with, gas, all for the step's own time. */
export const stepTable: usize = memory.data(3 * (4096 * 8 + 64), 64);
/** Of each band: half width to act at, half width to trade to. */
export const bandTable: usize = memory.data(2 * 64 * 8, 64);
/** Log of the discounted price at the start, its drift and deviation a step, delta at the start, strike discounted, fee rate. */
export const terms: usize = memory.data(6 * 8, 64);
/** Two words of the generator for each of the two lanes. */
export const generator: usize = memory.data(4 * 8, 64);
/** Of each band, of each path: what hedge and payoff came to before costs, and the costs; discounted. */
export const outcomes: usize = memory.data(64 * 256 * 16, 64);
export const costs: usize = memory.data(64 * 256 * 16, 64);

/** Steps in one round of passes: what is passed on stays in the nearest cache. An even number. */
const ROUND: i32 = 128;
const normals: usize = memory.data(128 * 16, 64);
const prices: usize = memory.data(128 * 16, 64);
const distances: usize = memory.data(128 * 16, 64);
const deltas: usize = memory.data(128 * 16, 64);
/** Of each band: base held, cash, costs. */
const held: usize = memory.data(64 * 16, 64);
const cash: usize = memory.data(64 * 16, 64);
const paid: usize = memory.data(64 * 16, 64);

/** log2(e), 1.5 x 2^52, ln(2) in two parts, then 1/2 and the minimax coefficients of exp from r^3 to r^11. */
const EXPONENTIAL: usize = memory.data<f64>([
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: the compiler takes only literals here
  1.4426950408889634, 6755399441055744.0, 0.6931471803691238, 1.9082149292705877e-10, 0.5,
  0.16666666666666433, 0.04166666666660375, 0.008333333333500581, 0.0013888888926891472,
  0.00019841269465306437, 2.4801508550651215e-5, 2.75576413812015e-6, 2.762524388369817e-7,
  2.49783248612069e-8,
]);
/** 2^52, 2^52 + 1023, ln(2), then the minimax coefficients of 2 atanh(s) from s^3 to s^15. */
const LOGARITHM: usize = memory.data<f64>([
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: the compiler takes only literals here
  4503599627370496.0, 4503599627371519.0, 0.6931471805599453, 0.6666666666667304, 0.39999999995980995,
  0.2857142942761461, 0.22222135868856013, 0.18186463596980276, 0.15248042934122732, 0.1538483445500566,
]);
/** pi / 2, 2^52 x 1.5, then the series of sin from x^3 to x^15, then those of cos from x^2 to x^16. */
const CIRCLE: usize = memory.data<f64>([
  1.5707963267948966, 6755399441055744.0, -0.16666666666666666, 0.008333333333333333, -0.0001984126984126984,
  2.7557319223985893e-6, -2.505210838544172e-8, 1.6059043836821613e-10, -7.647163731819816e-13, -0.5,
  0.041666666666666664, -0.001388888888888889, 2.48015873015873e-5, -2.755731922398589e-7,
  2.08767569878681e-9, -1.1470745597729725e-11, 4.779477332387385e-14,
]);
/** Numerator from z^0 to z^7, then denominator from z^1 to z^8, of the normal tail over its exponential on 0 to 10. */
const TAIL: usize = memory.data<f64>([
  0.49999999999999867, 0.6145405381754442, 0.37488994492895167, 0.1411591173248577, 0.0349749963650852,
  0.005680209170497502, 0.0005617416093321571, 2.639536516729238e-5, 2.026965637153313, 1.867064477032368,
  1.0244988564626656, 0.36794443743311905, 0.0890770797239159, 0.014304349658500042, 0.0014080770413581283,
  6.616337319758337e-5,
]);
/** Beyond so many deviations a tail counts as what it is there: less than any digit of a delta. */
const FARTHEST: f64 = 37;

function add(a: v128, b: v128): v128 {
  return f64x2.add(a, b);
}

function sub(a: v128, b: v128): v128 {
  return f64x2.sub(a, b);
}

function mul(a: v128, b: v128): v128 {
  return f64x2.mul(a, b);
}

function both(value: f64): v128 {
  return f64x2.splat(value);
}

/** A coefficient from memory, which costs one load where a literal costs several instructions each time. */
function coefficient(table: usize, index: usize): v128 {
  return v128.load64_splat(table + (index << 3));
}

/** exp for |x| < 700: x = n ln(2) + r, a polynomial in r, and n added to the exponent's bits. */
function exponential(x: v128): v128 {
  const rounder = coefficient(EXPONENTIAL, 1);
  const shifted = add(mul(x, coefficient(EXPONENTIAL, 0)), rounder);
  const n = sub(shifted, rounder);
  const r = sub(sub(x, mul(n, coefficient(EXPONENTIAL, 2))), mul(n, coefficient(EXPONENTIAL, 3)));
  const r2 = mul(r, r);
  const r4 = mul(r2, r2);
  const first = add(
    mul(add(coefficient(EXPONENTIAL, 4), mul(coefficient(EXPONENTIAL, 5), r)), r2),
    add(both(1), r),
  );
  const middle = add(
    add(coefficient(EXPONENTIAL, 6), mul(coefficient(EXPONENTIAL, 7), r)),
    mul(add(coefficient(EXPONENTIAL, 8), mul(coefficient(EXPONENTIAL, 9), r)), r2),
  );
  const last = add(
    add(coefficient(EXPONENTIAL, 10), mul(coefficient(EXPONENTIAL, 11), r)),
    mul(add(coefficient(EXPONENTIAL, 12), mul(coefficient(EXPONENTIAL, 13), r)), r2),
  );
  const power = add(first, mul(r4, add(middle, mul(last, r4))));
  return i64x2.add(power, i64x2.shl(shifted, 52));
}

/** ln of a number above 0: its exponent, and 2 atanh of what is left between 3/4 and 3/2. */
function logarithm(x: v128): v128 {
  // 2^51 more carries into the exponent for a fraction from 1.5 on, which then counts from the next power of two.
  const carried = i64x2.add(x, i64x2.splat(1 << 51));
  const exponent = i64x2.shr_u(carried, 52);
  const scaled = i64x2.sub(x, i64x2.shl(i64x2.sub(exponent, i64x2.splat(1023)), 52));
  const n = sub(v128.or(exponent, coefficient(LOGARITHM, 0)), coefficient(LOGARITHM, 1));
  const s = f64x2.div(sub(scaled, both(1)), add(scaled, both(1)));
  const z = mul(s, s);
  const z2 = mul(z, z);
  const last = add(
    add(coefficient(LOGARITHM, 7), mul(z, coefficient(LOGARITHM, 8))),
    mul(z2, coefficient(LOGARITHM, 9)),
  );
  const series = add(
    add(coefficient(LOGARITHM, 3), mul(z, coefficient(LOGARITHM, 4))),
    mul(z2, add(add(coefficient(LOGARITHM, 5), mul(z, coefficient(LOGARITHM, 6))), mul(z2, last))),
  );
  return add(mul(n, coefficient(LOGARITHM, 2)), add(add(s, s), mul(mul(s, z), series)));
}

/**
 * Normals for a round of steps, an even number: xorshift128+ (S. Vigna, 2017), one stream a lane, and the transform of
 * G. Box and M. Muller (1958), which makes two of them at a time.
 */
function drawNormals(bytes: usize): void {
  let a = v128.load(generator);
  let b = v128.load(generator + 16);
  const one = both(1);
  for (let at: usize = 0; at < bytes; at += 32) {
    let mixed = v128.xor(a, i64x2.shl(a, 23));
    a = b;
    b = v128.xor(v128.xor(mixed, b), v128.xor(i64x2.shr_u(mixed, 17), i64x2.shr_u(b, 26)));
    const first = i64x2.add(a, b);
    mixed = v128.xor(a, i64x2.shl(a, 23));
    a = b;
    b = v128.xor(v128.xor(mixed, b), v128.xor(i64x2.shr_u(mixed, 17), i64x2.shr_u(b, 26)));
    const second = i64x2.add(a, b);
    // The upper 52 bits as a fraction from 1 to 2; what is missing to 2 is above 0, so that its logarithm is a number.
    const u = sub(both(2), v128.or(i64x2.shr_u(first, 12), one));
    const turns = sub(v128.or(i64x2.shr_u(second, 12), one), one);
    const radius = f64x2.sqrt(mul(both(-2), logarithm(u)));
    const quarters = mul(turns, both(4));
    const shifted = add(quarters, coefficient(CIRCLE, 1));
    const x = mul(sub(quarters, sub(shifted, coefficient(CIRCLE, 1))), coefficient(CIRCLE, 0));
    const x2 = mul(x, x);
    const x4 = mul(x2, x2);
    const sinLow = add(coefficient(CIRCLE, 2), mul(coefficient(CIRCLE, 3), x2));
    const sinMiddle = add(coefficient(CIRCLE, 4), mul(coefficient(CIRCLE, 5), x2));
    const sinHigh = add(
      add(coefficient(CIRCLE, 6), mul(coefficient(CIRCLE, 7), x2)),
      mul(coefficient(CIRCLE, 8), x4),
    );
    const sine = add(x, mul(mul(x, x2), add(sinLow, mul(x4, add(sinMiddle, mul(x4, sinHigh))))));
    const cosLow = add(coefficient(CIRCLE, 9), mul(coefficient(CIRCLE, 10), x2));
    const cosMiddle = add(coefficient(CIRCLE, 11), mul(coefficient(CIRCLE, 12), x2));
    const cosHigh = add(coefficient(CIRCLE, 13), mul(coefficient(CIRCLE, 14), x2));
    const cosLast = add(coefficient(CIRCLE, 15), mul(coefficient(CIRCLE, 16), x2));
    const cosRest = add(add(cosLow, mul(x4, cosMiddle)), mul(mul(x4, x4), add(cosHigh, mul(x4, cosLast))));
    const cosine = add(one, mul(x2, cosRest));
    // Odd quarters swap the two; bit 1 of the quarter is the sine's sign, of the one after it the cosine's.
    const isOdd = i64x2.ne(v128.and(shifted, i64x2.splat(1)), i64x2.splat(0));
    const sinSign = i64x2.shl(v128.and(shifted, i64x2.splat(2)), 62);
    const cosSign = i64x2.shl(v128.and(i64x2.add(shifted, i64x2.splat(1)), i64x2.splat(2)), 62);
    const sin = v128.xor(v128.bitselect(cosine, sine, isOdd), sinSign);
    const cos = v128.xor(v128.bitselect(sine, cosine, isOdd), cosSign);
    v128.store(normals + at, mul(radius, cos));
    v128.store(normals + at + 16, mul(radius, sin));
  }
  v128.store(generator, a);
  v128.store(generator + 16, b);
}

/** Discounted prices of a round, and how many deviations each is from the strike. @returns the log price after it */
function walk(logPrice: v128, step: i32, bytes: usize): v128 {
  const drift = coefficient(terms, 1);
  const deviation = coefficient(terms, 2);
  const most = both(FARTHEST);
  const least = both(-FARTHEST);
  let m = logPrice;
  let row = stepTable + ((<usize>step) << 3);
  for (let at: usize = 0; at < bytes; at += 16) {
    m = add(m, add(drift, mul(deviation, v128.load(normals + at))));
    const distance = mul(add(m, v128.load64_splat(row)), v128.load64_splat(row + stepStride));
    v128.store(prices + at, m);
    v128.store(distances + at, f64x2.pmin(f64x2.pmax(distance, least), most));
    row += 8;
  }
  return m;
}

/** Prices out of their logarithms, and the exponentials that their deltas are made of. */
function exponentiate(bytes: usize): void {
  const half = both(-0.5);
  for (let at: usize = 0; at < bytes; at += 16) {
    const d = v128.load(distances + at);
    v128.store(prices + at, exponential(v128.load(prices + at)));
    v128.store(deltas + at, exponential(mul(mul(d, d), half)));
  }
}

/** The normal distribution at each distance: the delta of a call. */
function tails(bytes: usize): void {
  const one = both(1);
  const zero = both(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const d = v128.load(distances + at);
    const z = f64x2.abs(d);
    const z2 = mul(z, z);
    const topEven = add(
      mul(add(mul(add(mul(coefficient(TAIL, 6), z2), coefficient(TAIL, 4)), z2), coefficient(TAIL, 2)), z2),
      coefficient(TAIL, 0),
    );
    const topOdd = add(
      mul(add(mul(add(mul(coefficient(TAIL, 7), z2), coefficient(TAIL, 5)), z2), coefficient(TAIL, 3)), z2),
      coefficient(TAIL, 1),
    );
    const bottomHigh = add(mul(coefficient(TAIL, 15), z2), coefficient(TAIL, 13));
    const bottomEven = add(
      mul(add(mul(add(mul(bottomHigh, z2), coefficient(TAIL, 11)), z2), coefficient(TAIL, 9)), z2),
      one,
    );
    const bottomOdd = add(
      mul(
        add(mul(add(mul(coefficient(TAIL, 14), z2), coefficient(TAIL, 12)), z2), coefficient(TAIL, 10)),
        z2,
      ),
      coefficient(TAIL, 8),
    );
    const top = add(mul(topOdd, z), topEven);
    const bottom = add(mul(bottomOdd, z), bottomEven);
    const tail = mul(v128.load(deltas + at), f64x2.div(top, bottom));
    v128.store(deltas + at, v128.bitselect(sub(one, tail), tail, f64x2.gt(d, zero)));
  }
}

/** Every band along the round: where what is held is further from delta than the band acts at, it trades to its target. */
function hedge(step: i32, bytes: usize, bandBytes: usize): void {
  const sign = both(-0.0);
  const feeRate = coefficient(terms, 5);
  let row = stepTable + ((<usize>step) << 3) + 2 * stepStride;
  for (let at: usize = 0; at < bytes; at += 16) {
    const price = v128.load(prices + at);
    const delta = v128.load(deltas + at);
    const gas = v128.load64_splat(row);
    const fee = mul(feeRate, price);
    row += 8;
    for (let band: usize = 0; band < bandBytes; band += 16) {
      const base = v128.load(held + band);
      const column = bandTable + (band >> 1);
      const x = sub(base, delta);
      const size = f64x2.abs(x);
      const acts = f64x2.gt(size, v128.load64_splat(column));
      const traded = v128.and(acts, sub(size, v128.load64_splat(column + bandStride)));
      const sold = v128.or(traded, v128.and(x, sign));
      const cost = add(mul(fee, traded), v128.and(acts, gas));
      v128.store(held + band, sub(base, sold));
      v128.store(cash + band, add(v128.load(cash + band), mul(sold, price)));
      v128.store(paid + band, add(v128.load(paid + band), cost));
    }
  }
}

/** Every band starts with the delta of the start, bought free of cost. */
function start(bandBytes: usize): void {
  const delta = coefficient(terms, 3);
  const spent = f64x2.neg(mul(delta, exponential(coefficient(terms, 0))));
  for (let band: usize = 0; band < bandBytes; band += 16) {
    v128.store(held + band, delta);
    v128.store(cash + band, spent);
    v128.store(paid + band, both(0));
  }
}

/** What every band came to: the hedge sold at the last price, free of cost, less what the call pays. */
function finish(pair: i32, price: v128, bandBytes: usize): void {
  const payoff = f64x2.pmax(sub(price, coefficient(terms, 4)), both(0));
  let to = (<usize>pair) << 4;
  for (let band: usize = 0; band < bandBytes; band += 16) {
    const came = sub(add(v128.load(cash + band), mul(v128.load(held + band), price)), payoff);
    v128.store(outcomes + to, came);
    v128.store(costs + to, v128.load(paid + band));
    to += 256 * 16;
  }
}

/**
 * Simulates pairs of paths, one after another from the generator's state on, and hedges each with every band at every step
 * but the last, which is expiry.
 */
export function run(pairs: i32, steps: i32, bands: i32): void {
  const bandBytes = (<usize>bands) << 4;
  for (let pair = 0; pair < pairs; pair += 1) {
    start(bandBytes);
    let logPrice = coefficient(terms, 0);
    for (let step = 0; step < steps; step += ROUND) {
      const count = min(ROUND, steps - step);
      const bytes = (<usize>count) << 4;
      drawNormals((bytes + 16) & ~31);
      logPrice = walk(logPrice, step, bytes);
      const isLast = step + count === steps;
      exponentiate(bytes);
      tails(bytes);
      hedge(step, isLast ? bytes - 16 : bytes, bandBytes);
      if (isLast) finish(pair, v128.load(prices + bytes - 16), bandBytes);
    }
  }
}
