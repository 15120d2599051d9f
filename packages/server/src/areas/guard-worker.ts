import { judgeCalls, type PreviewOrders } from "../modules/build/guard-previews/index.ts";
import { answerOrders } from "../platform/threads/port.ts";
import { guardRegistry } from "./guard-detectors.ts";
import { languageOf } from "./language-of.ts";

answerOrders<PreviewOrders>({ judge: (order) => judgeCalls(order, { registry: guardRegistry, languageOf }) });
