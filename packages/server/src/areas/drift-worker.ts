import { findCentres, vectorsOf } from "@treadle/metrics";
import { createDriftWork, type DriftOrders } from "../modules/observe/drift/index.ts";
import { answerOrders } from "../platform/threads/port.ts";
import { languageOf } from "./language-of.ts";

answerOrders<DriftOrders>(
  createDriftWork({ languageOf, findCentres: (rows, count) => findCentres(vectorsOf(rows), count) }),
);
