// Filters of items match texts like filters of spans. A store sees no other module, so the function is passed here.
export { anyOf, type Bind, isOneOf, plainOf, sortValues } from "../../../observe/traces/index.ts";
