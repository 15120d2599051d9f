export { bestMatch, createPricer, type Priced } from "./price-call.ts";
export type { Rate, Rates } from "./rate.ts";
