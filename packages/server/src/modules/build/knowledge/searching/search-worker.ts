import { answerOrders } from "../../../../platform/threads/port.ts";
import { createSearchWork, type SearchOrders } from "../work/search-work.ts";

/** Callers wait for searches. */
const NICENESS = 2;
answerOrders<SearchOrders>(createSearchWork(), NICENESS);
