import { answerOrders } from "../../../../platform/threads/port.ts";
import { type IndexOrders, indexWork } from "../work/index-work.ts";

answerOrders<IndexOrders>(indexWork);
