import { type FilterProblem, parseFilter } from "@treadle/contract";
import type { TraceFilter } from "./filter-address.ts";

/** The first error of a filter, found without a request. */
export const findProblem = ({ filter }: TraceFilter): FilterProblem | undefined =>
  filter ? parseFilter(filter).problems[0] : undefined;
