import fc from 'fast-check';

/** Tried unless others are asked for. */
const SEED = 0xba11a57;

const asked = process.env.BALLAST_SEED;
const seed = Number(asked ?? SEED);
if (!Number.isSafeInteger(seed)) throw new Error(`BALLAST_SEED is ${asked}, expected a whole number`);

// A run says of the code what the run before said: properties are tried on the same examples until another seed is asked
// for, which `npm run test:properties` does many times over.
fc.configureGlobal({ seed });
