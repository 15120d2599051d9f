// Filters of items match texts just as those of spans do; a store sees no other module, so it finds that here.
export { anyOf, type Bind, isOneOf, plainOf, sortValues } from "../traces/index.ts";
