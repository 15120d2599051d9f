import { type IndexOrders, indexWork } from "../modules/build/knowledge/index.ts";
import { answerOrders } from "../platform/threads/port.ts";

answerOrders<IndexOrders>(indexWork);
