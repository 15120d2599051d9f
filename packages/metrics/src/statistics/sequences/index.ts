export { alwaysValid, alwaysValidTuning, LEAST_UNITS, type Peek, type Running } from "./always-valid.ts";
export { asymptoticSequence } from "./asymptotic.ts";
export { betaBinomialEValue, betaBinomialSequence, type Prior } from "./beta-binomial.ts";
export { bettingEValues, bettingSequence } from "./betting.ts";
