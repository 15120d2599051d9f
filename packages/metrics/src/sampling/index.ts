export { meanPassAtK, meanPassHatK, type Passes, passAtK, passHatK } from "./pass.ts";
export {
  bitsPerByte,
  bitsPerByteFromStats,
  likelihoodStats,
  type PerplexityUnit,
  perplexity,
  perplexityFromStats,
  type ScoredText,
} from "./perplexity.ts";
