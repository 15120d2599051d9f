export {
  dimensionExpression,
  isNatural,
  labelOf,
  listElements,
  measureExpression,
  unitOf,
} from "./metrics/metrics-expressions.ts";
export { openExplore } from "./open.ts";
export { createExploreServices } from "./service.ts";
