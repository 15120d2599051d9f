import { createSearchWork, type SearchOrders } from "../modules/build/knowledge/index.ts";
import { answerOrders } from "../platform/threads/port.ts";

/** Callers wait for searches. */
const NICENESS = 2;
answerOrders<SearchOrders>(createSearchWork(), NICENESS);
