export { areaUnder } from "./area-under.ts";
export { jensenShannonDistance } from "./divergence.ts";
export { type DomainClassifier, type DomainOptions, domainClassifier } from "./domain-classifier.ts";
export { type KolmogorovSmirnov, kolmogorovSmirnov } from "./kolmogorov-smirnov.ts";
export { type Discrepancy, type MmdOptions, maximumMeanDiscrepancy, type VectorSamples } from "./mmd.ts";
export { type PsiOptions, psi, psiOfCounts, psiOfShares, type Stability } from "./psi.ts";
export { type LabelOptions, psiOfLabels } from "./psi-of-labels.ts";
export { mmdWitness } from "./witness.ts";
