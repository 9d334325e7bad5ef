/**
 * The study that runs where none is named: a written strangle every week, ten weeks under jumps, three policies over a
 * frontier each. It answers in seconds on any machine.
 */
export const defaultStudyText = `name: written strangle, simulated
seed: 7
prices: { kind: merton, days: 70, stepSeconds: 14400, startPrice: 3000, volatility: 0.55,
          jumps: { intensity: 20, meanLogJump: -0.02, stdDevLogJump: 0.05 } }
vault:
  name: strangle
  base: 250
  quote: 1000000
  targetDelta: 250
  options:
    - { type: call, strikeOverSpot: 1.05, days: 14, everyDays: 7, sizeBase: -100 }
    - { type: put, strikeOverSpot: 0.95, days: 14, everyDays: 7, sizeBase: -100 }
policies:
  - { kind: optimalBand, riskAversion: 0.0005, lookSeconds: 14400, scales: [0.04, 1, 25] }
  - { kind: whalleyWilmott, riskAversion: 0.0005, scales: [0.04, 1, 25] }
  - { kind: fixedBand, halfWidth: { base: 8 }, tradeTo: edge, scales: [0.4, 1, 2.5] }
`;
