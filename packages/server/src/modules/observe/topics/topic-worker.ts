import { answerOrders, stepBack } from "../../../platform/threads/port.ts";
import { findTopics } from "./cluster/find-topics.ts";
import type { TopicOrders } from "./cluster/orders.ts";

stepBack();
answerOrders<TopicOrders>({ find: findTopics });
