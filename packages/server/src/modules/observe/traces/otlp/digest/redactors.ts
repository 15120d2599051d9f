import { createRedactors } from "../../../redaction/index.ts";

/** The redactors of this thread. */
export const redactorOf = createRedactors();
