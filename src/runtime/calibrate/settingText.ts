import { significant } from '../../core/report/format.ts';
import type { PolicyChoice } from '../../sim/fast/candidate.ts';

/** The numbers of a setting that are searched, as people read them. */
export function parametersText({ parameters, checkEvery }: PolicyChoice): string {
  const { halfWidth, tradeTo, seconds, riskAversion, relativeRiskAversion } = parameters as {
    readonly halfWidth?: { readonly base?: number; readonly shareOfGross?: number };
    readonly tradeTo?: number | string;
    readonly seconds?: number;
    readonly riskAversion?: number;
    readonly relativeRiskAversion?: number;
  };
  const number = (value: number) =>
    value > 0 && value < 0.001 ? value.toExponential(1) : significant(value, 3);
  const parts = [
    halfWidth?.base === undefined ? '' : `±${number(halfWidth.base)}`,
    halfWidth?.shareOfGross === undefined ? '' : `±${number(halfWidth.shareOfGross)} of gross`,
    tradeTo === undefined ? '' : `to ${typeof tradeTo === 'number' ? number(tradeTo) : tradeTo}`,
    seconds === undefined ? '' : `${seconds} s`,
    riskAversion === undefined ? '' : number(riskAversion),
    relativeRiskAversion === undefined ? '' : `R ${number(relativeRiskAversion)}`,
    checkEvery === undefined ? '' : `every ${checkEvery.steps * checkEvery.stepSeconds} s`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** A setting as people read it: the policy and the numbers that were searched. */
export function settingText(choice: PolicyChoice): string {
  return `${choice.kind} ${parametersText(choice)}`.trimEnd();
}
