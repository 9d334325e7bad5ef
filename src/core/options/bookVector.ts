import { instantiateVectorCode } from '../math/vectorCode.ts';
import { ALL_GREEKS, INPUT_COLUMNS } from './bookColumns.ts';
import type { BookKernel } from './bookKernel.ts';
import { greeksKernelCode } from './greeksKernel.generated.ts';

/** What `wasm/greeks.ts` exports: addresses and sizes in bytes, and the function. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly capacity: { readonly value: number };
  readonly stride: { readonly value: number };
  readonly inputs: { readonly value: number };
  readonly outputs: { readonly value: number };
  readonly totals: { readonly value: number };
  readonly left: { readonly value: number };
  readonly run: (count: number, all: number) => number;
}

/** Options that the vector code takes at a time. */
const LANES = 2;

/**
 * The vector code of `wasm/greeks.ts`, two options per instruction, with a memory of its own.
 *
 * @returns null where the engine has no WebAssembly or no 128-bit vectors, or is not allowed to compile
 */
export function vectorKernel(): BookKernel | null {
  const exports = instantiateVectorCode(greeksKernelCode) as Exports | null;
  if (exports === null) return null;
  const { buffer } = exports.memory;
  const capacity = exports.capacity.value;
  const columns = (start: number, names: readonly string[]) =>
    names.map((_, k) => new Float64Array(buffer, start + k * exports.stride.value, capacity));
  const inputs = columns(exports.inputs.value, INPUT_COLUMNS);
  const outputs = columns(exports.outputs.value, ALL_GREEKS);
  const totals = new Float64Array(buffer, exports.totals.value, ALL_GREEKS.length);
  const left = new Int32Array(buffer, exports.left.value, capacity);
  const sizes = inputs[INPUT_COLUMNS.indexOf('size')]!;
  return {
    capacity,
    inputs,
    outputs,
    totals,
    left,
    run: (count, all) => {
      const padded = Math.ceil(count / LANES) * LANES;
      if (padded > count) {
        // Options of no size in the lanes left over: they add nothing and are never set aside.
        for (const column of inputs) column.fill(1, count, padded);
        sizes.fill(0, count, padded);
      }
      return exports.run(padded, all ? 1 : 0);
    },
  };
}
