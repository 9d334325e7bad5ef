/** Which way base moves: `sell` lowers net delta, `buy` raises it. */
export type Side = 'sell' | 'buy';
