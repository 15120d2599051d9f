export { FILTER_FIELDS, type FilterField, type FilterFieldName, findFilterField } from "./fields.ts";
export { formatFilter } from "./format.ts";
export { parseFilter } from "./parser.ts";
export * from "./tree.ts";
export { escapeFilterValue, type FilterRange, readFilterRange, splitFilterPattern } from "./values.ts";
