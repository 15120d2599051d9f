import {
  type AgreementReference,
  FEWEST_PAIRS,
  type LiveAgreement,
  type LiveAgreementInput,
  RECENT_DAYS,
} from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { dayPlus } from "./days.ts";
import type { LiveAgreementDeps } from "./deps.ts";
import { startAgain, sumOf, type Tally } from "./detector.ts";
import { FOLLOW_KIND } from "./follow-days.ts";
import { recover } from "./incident.ts";
import { newAgreement, scaleOf } from "./new-agreement.ts";
import { type AgreementRow, createAgreementStore } from "./stores/agreement-store.ts";
import { createDayStore } from "./stores/day-store.ts";

const EVERY_SECONDS = 3_600;
export type Place = { readonly ruleId: string; readonly agreementId: string };
type Deps = LiveAgreementDeps & {
  readonly find: (scope: Scope, of: Place) => Promise<AgreementRow>;
  readonly describeOne: (scope: Scope, row: AgreementRow) => Promise<LiveAgreement>;
};

/** What people change. */
export const createAgreementWrites = (deps: Deps) => ({
  create: (scope: Scope, ruleId: string, input: LiveAgreementInput) => create(deps, scope, { ruleId, input }),
  accept: (scope: Scope, of: Place) => accept(deps, scope, of),
  delete: (scope: Scope, of: Place) => remove(deps, scope, of),
  endRule: (tx: Postgres, scope: Scope, rule: EndedRule) => endRule(deps, tx, { scope, ...rule }),
});

type EndedRule = { readonly ruleId: string; readonly name: string };

type New = { readonly ruleId: string; readonly input: LiveAgreementInput };

async function create(deps: Deps, scope: Scope, { ruleId, input }: New): Promise<LiveAgreement> {
  const { db, rules, audit, clock } = deps;
  const rule = await rules.get(scope, ruleId);
  const scale = await scaleOf(deps, scope, { rule, input });
  const row = newAgreement(scope, { ruleId, input, scale, now: clock.now() });
  await db.transaction(async (tx) => {
    if (!(await createAgreementStore(tx).create(row))) throw taken(input.score);
    await sendJobs(deps, tx, { scope, row });
    const details = { score: input.score, label: input.label };
    await audit.record(scope, { action: "live-agreement.create", target: row.id, details }, tx);
  });
  return deps.describeOne(scope, row);
}

/** The hourly job of the project, and the first evaluation of this agreement. */
async function sendJobs({ jobs }: Deps, tx: Postgres, { scope, row }: { scope: Scope; row: AgreementRow }) {
  const order = { kind: FOLLOW_KIND, title: "Compare judges with people" };
  const hourly = { payload: { agreementId: null }, key: "live-agreement", everySeconds: EVERY_SECONDS };
  await jobs.send(tx, scope, { ...order, ...hourly });
  await jobs.send(tx, scope, { ...order, payload: { agreementId: row.id }, key: row.id, subject: row.ruleId });
}

async function accept(deps: Deps, scope: Scope, of: Place): Promise<LiveAgreement> {
  const { name: ruleName } = await deps.rules.get(scope, of.ruleId);
  const { id } = await deps.find(scope, of);
  const row = await deps.db.transaction(async (tx) => {
    const store = createAgreementStore(tx);
    const current = await store.lock(scope.projectId, id);
    if (!current) throw notFound("agreement", id);
    const now = new Date(deps.clock.now());
    const from = acceptedFrom(current);
    const tally = sumOf(await createDayStore(tx).listFrom(id, from));
    const changes = { ...startAgain(acceptedOf(current, tally, now)), updatedAt: now };
    const next = await store.update(scope.projectId, id, changes);
    if (!next) throw notFound("agreement", id);
    if (current.worseSince !== null) await recover(deps, tx, { scope, row: next, ruleName, text: ACCEPTED });
    await deps.audit.record(scope, { action: "live-agreement.accept", target: id, details: { ...tally, from } }, tx);
    return next;
  });
  return deps.describeOne(scope, row);
}

async function remove(deps: Deps, scope: Scope, of: Place): Promise<void> {
  const { name: ruleName } = await deps.rules.get(scope, of.ruleId);
  const { id } = await deps.find(scope, of);
  await deps.db.transaction(async (tx) => {
    const store = createAgreementStore(tx);
    // An incident can open until the row is locked.
    const row = await store.lock(scope.projectId, id);
    if (!row) throw notFound("agreement", id);
    await store.delete(scope.projectId, id);
    if (row.worseSince !== null) await recover(deps, tx, { scope, row, ruleName, text: DELETED });
    const details = { score: row.score };
    await deps.audit.record(scope, { action: "live-agreement.delete", target: row.id, details }, tx);
  });
}

/** Resolves the incidents of a rule that the caller's transaction deletes. Its agreements are deleted with it. */
async function endRule(deps: Deps, tx: Postgres, { scope, ruleId, name }: EndedRule & { readonly scope: Scope }) {
  for (const row of await createAgreementStore(tx).lockRule(scope.projectId, ruleId))
    if (row.worseSince !== null) await recover(deps, tx, { scope, row, ruleName: name, text: RULE_DELETED });
}

const ACCEPTED = "A person accepted the new rate as the reference.";
const DELETED = "The agreement of this judge is no longer watched.";
const RULE_DELETED = "The live rule was deleted, so the agreement of its judge is no longer watched.";

/** While the judge is worse, the accepted rate starts with the evidence: days before it belong to the old rate. */
const acceptedFrom = ({ worseSince, risingSince, lastDay }: AgreementRow): string => {
  const recent = dayPlus(lastDay, 1 - RECENT_DAYS);
  return worseSince !== null && risingSince !== null && risingSince > recent ? risingSince : recent;
};

/** Null with too few pairs: then the reference is collected from new pairs. */
const acceptedOf = (
  { lastDay }: AgreementRow,
  { pairs, disagreements }: Tally,
  now: Date,
): AgreementReference | null =>
  pairs < FEWEST_PAIRS
    ? null
    : { kind: "accepted", pairs, disagreements, day: lastDay, setAt: now.toISOString(), calibrationId: null };

const taken = (score: string) =>
  new AppError("conflict", {
    message: `The agreement of "${score}" is already watched for this rule. Delete it first to change its settings.`,
    details: { param: "score" },
  });
