import { instantiateVectorCode } from '../../core/math/vectorCode.ts';
import { hedgingKernelCode } from './hedgingKernel.generated.ts';
import { BATCH_PATHS, type HedgingKernel } from './hedgingKernel.ts';
import { streamWords } from './streamWords.ts';

/** What `wasm/hedging.ts` exports: addresses and sizes in bytes, and the function. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly stepStride: { readonly value: number };
  readonly bandStride: { readonly value: number };
  readonly stepTable: { readonly value: number };
  readonly bandTable: { readonly value: number };
  readonly terms: { readonly value: number };
  readonly generator: { readonly value: number };
  readonly outcomes: { readonly value: number };
  readonly costs: { readonly value: number };
  readonly run: (pairs: number, steps: number, bands: number) => void;
}

/** Words of the generator's state. */
const WORDS = 4;
const TERMS = 6;

/**
 * The vector code of `wasm/hedging.ts`, two paths per instruction, with a memory of its own.
 *
 * @returns null where the engine has no WebAssembly or no 128-bit vectors, or is not allowed to compile
 */
export function vectorKernel(): HedgingKernel | null {
  const exports = instantiateVectorCode(hedgingKernelCode) as Exports | null;
  if (exports === null) return null;
  const { buffer } = exports.memory;
  const column = (start: number, stride: number, index: number, length: number) =>
    new Float64Array(buffer, start + index * stride, length);
  const generator = new BigUint64Array(buffer, exports.generator.value, WORDS);
  const fixed = column(exports.terms.value, 0, 0, TERMS);
  return {
    run: (terms, batch, paths) => {
      const { steps, act, target } = terms;
      const table = (index: number) =>
        column(exports.stepTable.value, exports.stepStride.value, index, steps);
      table(0).set(terms.shift);
      table(1).set(terms.inverseDeviation);
      table(2).set(terms.gas);
      [act, target].forEach((levels, index) => {
        column(exports.bandTable.value, exports.bandStride.value, index, act.length).set(levels);
      });
      const { logSpot, driftStep, deviationStep, startDelta, discountedStrike, feeRate } = terms;
      fixed.set([logSpot, driftStep, deviationStep, startDelta, discountedStrike, feeRate]);
      generator.set(streamWords(terms.seed, batch));
      exports.run(paths / 2, steps, act.length);
      const rows = (start: number) =>
        Array.from(act, (_, band) =>
          column(start, BATCH_PATHS * Float64Array.BYTES_PER_ELEMENT, band, paths),
        );
      return { paths, outcomes: rows(exports.outcomes.value), costs: rows(exports.costs.value) };
    },
  };
}
