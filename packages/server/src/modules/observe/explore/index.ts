export {
  dimensionExpression,
  isNatural,
  labelOf,
  listElements,
  measureExpression,
  unitOf,
} from "./metrics/metrics-expressions.ts";
export { openExplore } from "./open.ts";
export { createExploreServices, type Insights } from "./service.ts";
