import { type FilterProblem, parseFilter } from "@treadle/contract";
import type { TraceFilter } from "./filter-address.ts";

/** What is wrong with a filter first, so that nothing has to be asked from the server. */
export const findProblem = ({ filter }: TraceFilter): FilterProblem | undefined =>
  filter ? parseFilter(filter).problems[0] : undefined;
