export type { SettingFigures } from '../../sim/calibrate/weekMoments.ts';
export type { PolicyChoice } from '../../sim/fast/candidate.ts';
export {
  type CalibrationOptions,
  type CalibrationProgress,
  calibrateStudy,
  type StudyCalibration,
} from './calibrateStudy.ts';
export { configFragment } from './configFragment.ts';
export { defaultCalibrationText } from './defaultStudy.ts';
export { type TrialRunner, trialsOn } from './runTrials.ts';
export { settingText } from './settingText.ts';
