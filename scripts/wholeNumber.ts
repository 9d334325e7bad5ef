/** A whole number from 1 up out of the text of an option. @throws Error naming the option, what was found and what was expected */
export function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new Error(`--${name} is ${text}, expected a whole number from 1 up`);
}
