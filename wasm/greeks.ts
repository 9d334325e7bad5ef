/**
 * Prices and greeks of a block of European options, two at a time: the vector twin of `src/core/options/bookLoop.ts`.
 * AssemblyScript; `npm run wasm` compiles it and writes `src/core/options/greeksKernel.generated.ts`.
 *
 * The work goes in short passes over a few options rather than one long loop: a processor has many of them in flight at
 * once where the chain of dependent steps of each is short.
 */

/** Most options in one call. */
export const capacity: i32 = 1024;
/** Bytes from one column to the next: a power of two would put all columns into the same few lines of the cache. */
export const stride: usize = 1024 * 8 + 320;
/** type (1 call, -1 put), spot, strike, years, rate, dividendYield, volatility, size. */
export const inputs: usize = memory.data(8 * (1024 * 8 + 320), 64);
/** price, delta, gamma, vega, theta, rho, vanna, volga, charm. */
export const outputs: usize = memory.data(9 * (1024 * 8 + 320), 64);
/** Sums of size times each output, in the order of the outputs. */
export const totals: usize = memory.data(9 * 8, 64);
/** Which options were left alone: int32 positions in the block. */
export const left: usize = memory.data(1024 * 4, 64);

/** Options in one round of passes: what is passed on stays in the nearest cache. */
const ROUND: usize = 128 * 8;
const TEMPORARY: usize = ROUND + 64;
const temporaries: usize = memory.data(11 * (128 * 8 + 64), 64);
const LOG_MONEYNESS: usize = temporaries;
const DISCOUNT: usize = temporaries + TEMPORARY;
const YIELD_DISCOUNT: usize = temporaries + 2 * TEMPORARY;
const ROOT_YEARS: usize = temporaries + 3 * TEMPORARY;
const DEVIATION: usize = temporaries + 4 * TEMPORARY;
const INVERSE_SPOT_DEVIATION: usize = temporaries + 5 * TEMPORARY;
const D1: usize = temporaries + 6 * TEMPORARY;
const DENSITY: usize = temporaries + 7 * TEMPORARY;
const TAIL1: usize = temporaries + 8 * TEMPORARY;
const TAIL2: usize = temporaries + 9 * TEMPORARY;
const ORDINARY: usize = temporaries + 10 * TEMPORARY;

/** log2(e), 1.5 x 2^52, ln(2) in two parts, then 1/2 and the minimax coefficients of exp from r^3 to r^11. */
const EXPONENTIAL: usize = memory.data<f64>([
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: the compiler takes only literals here
  1.4426950408889634, 6755399441055744.0, 0.6931471803691238, 1.9082149292705877e-10, 0.5,
  0.16666666666666433, 0.04166666666660375, 0.008333333333500581, 0.0013888888926891472,
  0.00019841269465306437, 2.4801508550651215e-5, 2.75576413812015e-6, 2.762524388369817e-7,
  2.49783248612069e-8,
]);
/** 2^52, 2^52 + 2048, ln(2) in two parts, then the minimax coefficients of 2 atanh(s) from s^3 to s^15. */
const LOGARITHM: usize = memory.data<f64>([
  4503599627370496.0, 4503599627372544.0, 0.6931471803691238, 1.9082149292705877e-10, 0.6666666666667304,
  0.39999999995980995, 0.2857142942761461, 0.22222135868856013, 0.18186463596980276, 0.15248042934122732,
  0.1538483445500566,
]);
/** Numerator from z^0 to z^7, then denominator from z^1 to z^8, of the tail over its exponential on 0 to 10. */
const TAIL: usize = memory.data<f64>([
  0.49999999999999867, 0.6145405381754442, 0.37488994492895167, 0.1411591173248577, 0.0349749963650852,
  0.005680209170497502, 0.0005617416093321571, 2.639536516729238e-5, 2.026965637153313, 1.867064477032368,
  1.0244988564626656, 0.36794443743311905, 0.0890770797239159, 0.014304349658500042, 0.0014080770413581283,
  6.616337319758337e-5,
]);

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

function input(column: usize, offset: usize): v128 {
  return v128.load(inputs + column * stride + offset);
}

function output(column: usize, offset: usize, value: v128): void {
  v128.store(outputs + column * stride + offset, value);
}

/** exp in place for |x| < 700: x = n ln(2) + r, a polynomial in r, and n added to the exponent's bits. */
function exponentials(column: usize, bytes: usize): void {
  const log2e = coefficient(EXPONENTIAL, 0);
  const rounder = coefficient(EXPONENTIAL, 1);
  const high = coefficient(EXPONENTIAL, 2);
  const low = coefficient(EXPONENTIAL, 3);
  const c2 = coefficient(EXPONENTIAL, 4);
  const c3 = coefficient(EXPONENTIAL, 5);
  const c4 = coefficient(EXPONENTIAL, 6);
  const c5 = coefficient(EXPONENTIAL, 7);
  const c6 = coefficient(EXPONENTIAL, 8);
  const c7 = coefficient(EXPONENTIAL, 9);
  const c8 = coefficient(EXPONENTIAL, 10);
  const c9 = coefficient(EXPONENTIAL, 11);
  const c10 = coefficient(EXPONENTIAL, 12);
  const c11 = coefficient(EXPONENTIAL, 13);
  for (let at = column, end = column + bytes; at < end; at += 16) {
    const x = v128.load(at);
    const shifted = add(mul(x, log2e), rounder);
    const n = sub(shifted, rounder);
    const r = sub(sub(x, mul(n, high)), mul(n, low));
    const r2 = mul(r, r);
    const r4 = mul(r2, r2);
    const first = add(mul(add(c2, mul(c3, r)), r2), add(both(1), r));
    const middle = add(add(c4, mul(c5, r)), mul(add(c6, mul(c7, r)), r2));
    const last = add(add(c8, mul(c9, r)), mul(add(c10, mul(c11, r)), r2));
    const power = add(first, mul(r4, add(middle, mul(last, r4))));
    v128.store(at, i64x2.add(power, i64x2.shl(shifted, 52)));
  }
}

/**
 * ln(spot / strike), exact near 0: the strike is brought to within a factor 1.51 of the spot by a power of two, without
 * rounding, and the rest is 2 atanh((spot - strike) / (spot + strike)). One division instead of two.
 */
function logarithms(offset: usize, bytes: usize): void {
  const two52 = coefficient(LOGARITHM, 0);
  const two52Biased = coefficient(LOGARITHM, 1);
  const high = coefficient(LOGARITHM, 2);
  const low = coefficient(LOGARITHM, 3);
  const c0 = coefficient(LOGARITHM, 4);
  const c1 = coefficient(LOGARITHM, 5);
  const c2 = coefficient(LOGARITHM, 6);
  const c3 = coefficient(LOGARITHM, 7);
  const c4 = coefficient(LOGARITHM, 8);
  const c5 = coefficient(LOGARITHM, 9);
  const c6 = coefficient(LOGARITHM, 10);
  for (let at: usize = 0; at < bytes; at += 16) {
    const spot = input(1, offset + at);
    const strike = input(2, offset + at);
    // The difference of the bits is 2^52 log2 of the quotient to within 9 %: rounded, the exponent between the two.
    const difference = i64x2.add(i64x2.sub(spot, strike), i64x2.splat(1 << 51));
    const exponent = v128.and(difference, i64x2.splat(0xfff0000000000000));
    const scaled = i64x2.add(strike, exponent);
    const unsigned = i64x2.shr_u(v128.xor(exponent, i64x2.splat(0x8000000000000000)), 52);
    const n = sub(v128.or(unsigned, two52), two52Biased);
    const s = f64x2.div(sub(spot, scaled), add(spot, scaled));
    const z = mul(s, s);
    const z2 = mul(z, z);
    const last = add(add(c4, mul(z, c5)), mul(z2, c6));
    const series = add(add(c0, mul(z, c1)), mul(z2, add(add(c2, mul(z, c3)), mul(z2, last))));
    const small = add(mul(mul(s, z), series), mul(n, low));
    v128.store(LOG_MONEYNESS + at, add(mul(n, high), add(add(s, s), small)));
  }
}

function ones(column: usize, bytes: usize): void {
  for (let at = column, end = column + bytes; at < end; at += 16) v128.store(at, both(1));
}

/** What the discount factors are exponentials of, d1, the logarithm of its density, and who is ordinary; true when all. */
function deviations(offset: usize, bytes: usize): bool {
  const one = both(1);
  const half = both(0.5);
  const least = both(1e-100);
  const most = both(1e100);
  let all = i64x2.splat(-1);
  let anyRate = both(0);
  let anyYield = both(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const spot = input(1, offset + at);
    const strike = input(2, offset + at);
    const years = input(3, offset + at);
    const rateTime = mul(input(4, offset + at), years);
    const yieldTime = mul(input(5, offset + at), years);
    const rootYears = f64x2.sqrt(years);
    const deviation = mul(input(6, offset + at), rootYears);
    const inverse = f64x2.div(one, mul(spot, deviation));
    const logForward = add(v128.load(LOG_MONEYNESS + at), sub(rateTime, yieldTime));
    const d1 = add(mul(logForward, mul(inverse, spot)), mul(deviation, half));
    v128.store(DISCOUNT + at, f64x2.neg(rateTime));
    v128.store(YIELD_DISCOUNT + at, f64x2.neg(yieldTime));
    v128.store(ROOT_YEARS + at, rootYears);
    v128.store(DEVIATION + at, deviation);
    v128.store(INVERSE_SPOT_DEVIATION + at, inverse);
    v128.store(D1 + at, d1);
    v128.store(DENSITY + at, mul(mul(d1, d1), both(-0.5)));
    const absoluteRate = f64x2.abs(rateTime);
    const absoluteYield = f64x2.abs(yieldTime);
    anyRate = v128.or(anyRate, absoluteRate);
    anyYield = v128.or(anyYield, absoluteYield);
    const distance = f64x2.pmax(f64x2.abs(d1), f64x2.abs(sub(d1, deviation)));
    let ordinary = v128.and(f64x2.lt(distance, both(10)), f64x2.gt(deviation, both(1e-3)));
    ordinary = v128.and(ordinary, f64x2.gt(f64x2.pmin(f64x2.pmin(strike, spot), years), least));
    ordinary = v128.and(ordinary, f64x2.lt(f64x2.pmax(strike, spot), most));
    ordinary = v128.and(ordinary, f64x2.lt(f64x2.pmax(absoluteRate, absoluteYield), both(700)));
    ordinary = v128.and(ordinary, f64x2.eq(f64x2.abs(input(0, offset + at)), one));
    v128.store(ORDINARY + at, ordinary);
    all = v128.and(all, ordinary);
  }
  if (v128.any_true(anyRate)) exponentials(DISCOUNT, bytes);
  else ones(DISCOUNT, bytes);
  if (v128.any_true(anyYield)) exponentials(YIELD_DISCOUNT, bytes);
  else ones(YIELD_DISCOUNT, bytes);
  return i64x2.all_true(all);
}

/** N(-|d1|) and N(-|d2|) over the exponential of their density: two fractions brought under one division. */
function tails(bytes: usize): void {
  const p0 = coefficient(TAIL, 0);
  const p1 = coefficient(TAIL, 1);
  const p2 = coefficient(TAIL, 2);
  const p3 = coefficient(TAIL, 3);
  const p4 = coefficient(TAIL, 4);
  const p5 = coefficient(TAIL, 5);
  const p6 = coefficient(TAIL, 6);
  const p7 = coefficient(TAIL, 7);
  const q1 = coefficient(TAIL, 8);
  const q2 = coefficient(TAIL, 9);
  const q3 = coefficient(TAIL, 10);
  const q4 = coefficient(TAIL, 11);
  const q5 = coefficient(TAIL, 12);
  const q6 = coefficient(TAIL, 13);
  const q7 = coefficient(TAIL, 14);
  const q8 = coefficient(TAIL, 15);
  const one = both(1);
  for (let at: usize = 0; at < bytes; at += 16) {
    const d1 = v128.load(D1 + at);
    const a = f64x2.abs(d1);
    const b = f64x2.abs(sub(d1, v128.load(DEVIATION + at)));
    const a2 = mul(a, a);
    const b2 = mul(b, b);
    const topEvenA = add(mul(add(mul(add(mul(p6, a2), p4), a2), p2), a2), p0);
    const topOddA = add(mul(add(mul(add(mul(p7, a2), p5), a2), p3), a2), p1);
    const bottomEvenA = add(mul(add(mul(add(mul(add(mul(q8, a2), q6), a2), q4), a2), q2), a2), one);
    const bottomOddA = add(mul(add(mul(add(mul(q7, a2), q5), a2), q3), a2), q1);
    const topA = add(mul(topOddA, a), topEvenA);
    const bottomA = add(mul(bottomOddA, a), bottomEvenA);
    const topEvenB = add(mul(add(mul(add(mul(p6, b2), p4), b2), p2), b2), p0);
    const topOddB = add(mul(add(mul(add(mul(p7, b2), p5), b2), p3), b2), p1);
    const bottomEvenB = add(mul(add(mul(add(mul(add(mul(q8, b2), q6), b2), q4), b2), q2), b2), one);
    const bottomOddB = add(mul(add(mul(add(mul(q7, b2), q5), b2), q3), b2), q1);
    const topB = add(mul(topOddB, b), topEvenB);
    const bottomB = add(mul(bottomOddB, b), bottomEvenB);
    const inverse = f64x2.div(one, mul(bottomA, bottomB));
    v128.store(TAIL1 + at, mul(mul(topA, bottomB), inverse));
    v128.store(TAIL2 + at, mul(mul(topB, bottomA), inverse));
  }
}

/** Yield discount x exp(-d1^2 / 2): times the spot also strike x discount x exp(-d2^2 / 2), so that one serves both. */
function exponentialAt(at: usize): v128 {
  return mul(v128.load(YIELD_DISCOUNT + at), v128.load(DENSITY + at));
}

/** Strike x discount x N(d2), or N(-d2) for a put: what exercise would pay or bring. */
function strikeLegAt(at: usize, sign: v128, d2: v128, strikeValue: v128, spotExponential: v128): v128 {
  const tail = mul(spotExponential, v128.load(TAIL2 + at));
  return v128.bitselect(sub(strikeValue, tail), tail, f64x2.gt(mul(sign, d2), both(0)));
}

/** Price, delta, gamma, vega and theta from the parts. */
function assemble(offset: usize, bytes: usize): void {
  const zero = both(0);
  const half = both(0.5);
  for (let at: usize = 0; at < bytes; at += 16) {
    const here = offset + at;
    const sign = input(0, here);
    const spot = input(1, here);
    const volatility = input(6, here);
    const yieldDiscount = v128.load(YIELD_DISCOUNT + at);
    const strikeValue = mul(input(2, here), v128.load(DISCOUNT + at));
    const d1 = v128.load(D1 + at);
    const d2 = sub(d1, v128.load(DEVIATION + at));
    const exponential = exponentialAt(at);
    const tail = mul(exponential, v128.load(TAIL1 + at));
    const share = v128.bitselect(sub(yieldDiscount, tail), tail, f64x2.gt(mul(sign, d1), zero));
    const spotLeg = mul(spot, share);
    const strikeLeg = strikeLegAt(at, sign, d2, strikeValue, mul(spot, exponential));
    const intrinsic = mul(sign, sub(mul(spot, yieldDiscount), strikeValue));
    const weight = mul(exponential, both(0.3989422804014327));
    const inverse = v128.load(INVERSE_SPOT_DEVIATION + at);
    const spotWeight = mul(spot, weight);
    const inverseRoot = mul(volatility, mul(inverse, spot));
    const carry = mul(sign, sub(mul(input(5, here), spotLeg), mul(input(4, here), strikeLeg)));
    output(0, here, f64x2.pmax(zero, f64x2.pmax(intrinsic, mul(sign, sub(spotLeg, strikeLeg)))));
    output(1, here, mul(sign, share));
    output(2, here, mul(weight, inverse));
    output(3, here, mul(spotWeight, v128.load(ROOT_YEARS + at)));
    output(4, here, sub(carry, mul(mul(spotWeight, half), mul(volatility, inverseRoot))));
  }
}

/** Rho, vanna, volga and charm, once the others are there. */
function assembleFurther(offset: usize, bytes: usize): void {
  const half = both(0.5);
  for (let at: usize = 0; at < bytes; at += 16) {
    const here = offset + at;
    const sign = input(0, here);
    const spot = input(1, here);
    const dividendYield = input(5, here);
    const strikeValue = mul(input(2, here), v128.load(DISCOUNT + at));
    const d1 = v128.load(D1 + at);
    const d2 = sub(d1, v128.load(DEVIATION + at));
    const exponential = exponentialAt(at);
    const strikeLeg = strikeLegAt(at, sign, d2, strikeValue, mul(spot, exponential));
    const weight = mul(exponential, both(0.3989422804014327));
    const weightD2 = mul(weight, d2);
    const inverseDeviation = mul(v128.load(INVERSE_SPOT_DEVIATION + at), spot);
    const inverseRoot = mul(input(6, here), inverseDeviation);
    const inverseVolatility = mul(v128.load(ROOT_YEARS + at), inverseDeviation);
    const vega = v128.load(outputs + 3 * stride + here);
    const delta = v128.load(outputs + stride + here);
    const drift = mul(weight, mul(sub(input(4, here), dividendYield), inverseDeviation));
    const decay = mul(mul(weightD2, half), mul(inverseRoot, inverseRoot));
    output(5, here, mul(sign, mul(strikeLeg, input(3, here))));
    output(6, here, f64x2.neg(mul(weightD2, inverseVolatility)));
    output(7, here, mul(mul(vega, d1), mul(d2, inverseVolatility)));
    output(8, here, sub(mul(dividendYield, delta), sub(drift, decay)));
  }
}

/** Lists the options of a round that are not ordinary from `count` on and clears their outputs; gives the new count. */
function setAside(offset: usize, bytes: usize, count: i32): i32 {
  for (let at: usize = 0; at < bytes; at += 8) {
    if (load<i64>(ORDINARY + at) !== 0) continue;
    store<i32>(left + ((<usize>count) << 2), <i32>((offset + at) >> 3));
    count += 1;
    for (let column: usize = 0; column < 9; column++) {
      store<f64>(outputs + column * stride + offset + at, 0);
    }
  }
  return count;
}

function storeTotal(total: i32, sum: v128): void {
  store<f64>(totals + ((<usize>total) << 3), f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
}

function sizedAt(column: usize, at: usize, size: v128): v128 {
  return mul(size, v128.load(outputs + column * stride + at));
}

/** Totals of size times the first five outputs, in one go for the sake of the sizes. */
function addUp(bytes: usize): void {
  let price = both(0);
  let delta = both(0);
  let gamma = both(0);
  let vega = both(0);
  let theta = both(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const size = input(7, at);
    price = add(price, sizedAt(0, at, size));
    delta = add(delta, sizedAt(1, at, size));
    gamma = add(gamma, sizedAt(2, at, size));
    vega = add(vega, sizedAt(3, at, size));
    theta = add(theta, sizedAt(4, at, size));
  }
  storeTotal(0, price);
  storeTotal(1, delta);
  storeTotal(2, gamma);
  storeTotal(3, vega);
  storeTotal(4, theta);
}

/** Totals of size times the other four. */
function addUpFurther(bytes: usize): void {
  let rho = both(0);
  let vanna = both(0);
  let volga = both(0);
  let charm = both(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const size = input(7, at);
    rho = add(rho, sizedAt(5, at, size));
    vanna = add(vanna, sizedAt(6, at, size));
    volga = add(volga, sizedAt(7, at, size));
    charm = add(charm, sizedAt(8, at, size));
  }
  storeTotal(5, rho);
  storeTotal(6, vanna);
  storeTotal(7, volga);
  storeTotal(8, charm);
}

/**
 * Prices the first `count` options of the inputs, an even number, into the first five outputs or all nine. Those that are not ordinary (next to no time or
 * volatility, further than ten deviations out, or impossible) are listed in `left` with outputs of 0; gives how many.
 */
export function run(count: i32, all: bool): i32 {
  const bytes = (<usize>count) << 3;
  let aside = 0;
  for (let offset: usize = 0; offset < bytes; offset += ROUND) {
    const round = min(ROUND, bytes - offset);
    logarithms(offset, round);
    const allOrdinary = deviations(offset, round);
    exponentials(DENSITY, round);
    tails(round);
    assemble(offset, round);
    if (all) assembleFurther(offset, round);
    if (!allOrdinary) aside = setAside(offset, round, aside);
  }
  addUp(bytes);
  if (all) addUpFurther(bytes);
  else memory.fill(totals + 40, 0, 32);
  return aside;
}
