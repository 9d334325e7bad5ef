import { ALL_GREEKS, INPUT_COLUMNS } from './bookColumns.ts';
import type { BookKernel } from './bookKernel.ts';
import { greeksKernelCode } from './greeksKernel.generated.ts';

/** What this uses of the global that every JavaScript engine has, and that the language's own types do not name. */
declare const WebAssembly:
  | {
      readonly validate: (code: Uint8Array) => boolean;
      readonly Module: new (code: Uint8Array) => object;
      readonly Instance: new (module: object) => { readonly exports: unknown };
    }
  | undefined;

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

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) =>
    Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
  );
}

/** The compiled code, or null where it cannot run: its constructors throw where a page's policy forbids compiling. */
function instantiate(): Exports | null {
  if (typeof WebAssembly === 'undefined') return null;
  const code = bytesOf(greeksKernelCode);
  if (!WebAssembly.validate(code)) return null;
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(code)).exports as Exports;
  } catch {
    return null;
  }
}

/**
 * The vector code of `wasm/greeks.ts`, two options per instruction, with a memory of its own.
 *
 * @returns null where the engine has no WebAssembly or no 128-bit vectors, or is not allowed to compile
 */
export function vectorKernel(): BookKernel | null {
  const exports = instantiate();
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
