import { compareRuns } from "@treadle/metrics";
import { answerOrders } from "../../../../platform/threads/port.ts";
import { compareGroups } from "./compare-groups.ts";
import { findDrift } from "./find-drift.ts";
import { findTruth } from "./find-truth.ts";
import { measureAgreement } from "./measure-agreement.ts";
import { measureRaters } from "./measure-raters.ts";
import { measureShares } from "./measure-shares.ts";
import type { Orders } from "./orders.ts";
import { rankMatches, rankRuns } from "./rank-runs.ts";
import { boundSet, compareSets } from "./score-sets.ts";

answerOrders<Orders>({
  compare: (orders) => orders.map(compareRuns),
  corpus: compareSets,
  corpusInterval: boundSet,
  groups: (orders) => orders.map(compareGroups),
  raters: (orders) => orders.map(measureRaters),
  shares: (orders) => orders.map(measureShares),
  agreement: measureAgreement,
  rank: rankRuns,
  matches: rankMatches,
  drift: findDrift,
  truth: findTruth,
});
