export { FILTER_FIELDS, type FilterField, type FilterFieldName, findFilterField } from "./filter-fields.ts";
export { formatFilter } from "./filter-format.ts";
export { parseFilter } from "./filter-parser.ts";
export * from "./filter-tree.ts";
export { escapeFilterValue, type FilterRange, readFilterRange, splitFilterPattern } from "./filter-values.ts";
export { ITEM_FILTER_FIELDS, type ItemFilterField, parseItemFilter } from "./item-filter.ts";
