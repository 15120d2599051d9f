import { createTextReading, type ReaderOrders } from "../modules/build/guards/index.ts";
import { answerOrders } from "../platform/threads/port.ts";
import { guardRegistry } from "./guard-detectors.ts";

/** A caller waits for the answer, so this thread steps back less than others. */
const NICENESS = 3;

answerOrders<ReaderOrders>({ begin: () => true, read: createTextReading(guardRegistry) }, NICENESS);
