/**
 * The study that is calibrated where none is named: a written strangle every week, half a year of hours under jumps, a fixed band
 * to beat. Small, so that `ballast calibrate` answers within a minute on any machine.
 */
export const defaultCalibrationText = `name: written strangle, simulated
seed: 7
prices: { kind: merton, days: 168, stepSeconds: 7200, startPrice: 3000, volatility: 0.55,
          jumps: { intensity: 20, meanLogJump: -0.02, stdDevLogJump: 0.05 } }
vault:
  name: strangle
  base: 150
  quote: 1000000
  targetDelta: 150
  options:
    - { type: call, strikeOverSpot: 1.05, days: 7, everyDays: 7, sizeBase: -100 }
    - { type: put, strikeOverSpot: 0.95, days: 7, everyDays: 7, sizeBase: -100 }
policies:
  - { kind: fixedBand, halfWidth: { base: 6 }, tradeTo: centre }
  - { kind: optimalBand, riskAversion: 0.0001, lookSeconds: 7200 }
`;
