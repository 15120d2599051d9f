import {
  type AgreementReference,
  FEWEST_PAIRS,
  type LiveAgreement,
  type LiveAgreementInput,
  type LiveRule,
  RECENT_DAYS,
} from "@treadle/contract";
import { DAY_MS } from "../../../kernel/day.ts";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import { fromCursor, toPage, wholeList } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { readingOf } from "../calibration/index.ts";
import { dayOf, dayPlus } from "./days.ts";
import type { LiveAgreementDeps } from "./deps.ts";
import { NO_PAIRS, startAgain, sumOf } from "./detector.ts";
import { createFollowing, FOLLOW_KIND } from "./follow-days.ts";
import { recover } from "./incident.ts";
import { recentAt, toAgreement, toDay } from "./present.ts";
import { type AgreementRow, createAgreementStore } from "./stores/agreement-store.ts";
import { createDayStore } from "./stores/day-store.ts";

const EVERY_SECONDS = 3_600;
type Page = { readonly limit: number; readonly cursor?: string | undefined };

/** The agreement of live judges with people, day by day. */
export function createLiveAgreement(deps: LiveAgreementDeps) {
  const { db, jobs } = deps;
  jobs.register(FOLLOW_KIND, createFollowing(deps));
  const reads = createReads(deps);
  return {
    list: reads.list,
    ...createWrites(deps, reads),

    async listDays(scope: Scope, of: { ruleId: string; agreementId: string }, { limit, cursor }: Page) {
      const row = await reads.find(scope, of);
      const days = createDayStore(db);
      const before = cursor === undefined ? null : String(fromCursor(cursor, 1)[0]);
      const page = toPage(await days.list(row.id, { limit: limit + 1, before }), limit, ({ day }) => [day]);
      const oldest = page.items.at(-1)?.day;
      const all = oldest === undefined ? [] : await days.listFrom(row.id, dayPlus(oldest, 1 - RECENT_DAYS));
      return { ...page, items: page.items.map((day) => toDay(day, recentAt(all, day.day))) };
    },
  };
}
export type LiveAgreementService = ReturnType<typeof createLiveAgreement>;

type Reads = ReturnType<typeof createReads>;
type Place = { readonly ruleId: string; readonly agreementId: string };

function createReads({ db, rules, namesOf }: LiveAgreementDeps) {
  const store = createAgreementStore(db);
  const days = createDayStore(db);

  async function describe(scope: Scope, rows: readonly AgreementRow[]): Promise<LiveAgreement[]> {
    const names = await namesOf(scope.projectId, [...new Set(rows.map(({ createdBy }) => createdBy))]);
    const items: LiveAgreement[] = [];
    for (const row of rows) {
      const recent = recentAt(await days.listFrom(row.id, dayPlus(row.lastDay, 1 - RECENT_DAYS)), row.lastDay);
      items.push(toAgreement(row, { names, recent }));
    }
    return items;
  }

  return {
    async list(scope: Scope, ruleId: string) {
      await rules.get(scope, ruleId);
      return wholeList(await describe(scope, await store.list(scope.projectId, ruleId)));
    },
    async find(scope: Scope, { ruleId, agreementId }: Place): Promise<AgreementRow> {
      const row = await store.find(scope.projectId, agreementId);
      if (!row || row.ruleId !== ruleId) throw notFound("agreement", agreementId);
      return row;
    },
    async describeOne(scope: Scope, row: AgreementRow): Promise<LiveAgreement> {
      const [item] = await describe(scope, [row]);
      if (!item) throw new AppError("internal");
      return item;
    },
  };
}

function createWrites(deps: LiveAgreementDeps, { find, describeOne }: Reads) {
  const { db, jobs, rules, audit, clock } = deps;

  return {
    async create(scope: Scope, ruleId: string, input: LiveAgreementInput): Promise<LiveAgreement> {
      const rule = await rules.get(scope, ruleId);
      const scale = await scaleOf(deps, scope, { rule, input });
      const row = newAgreement(scope, { ruleId, input, scale, now: clock.now() });
      await db.transaction(async (tx) => {
        if (!(await createAgreementStore(tx).create(row))) throw taken(input.score);
        const order = { kind: FOLLOW_KIND, title: "Compare judges with people" };
        await jobs.send(tx, scope, {
          ...order,
          payload: { agreementId: null },
          key: "live-agreement",
          everySeconds: EVERY_SECONDS,
        });
        await jobs.send(tx, scope, { ...order, payload: { agreementId: row.id }, key: row.id, subject: ruleId });
        const details = { score: input.score, label: input.label };
        await audit.record(scope, { action: "live-agreement.create", target: row.id, details }, tx);
      });
      return describeOne(scope, row);
    },

    async accept(scope: Scope, of: Place): Promise<LiveAgreement> {
      const { name: ruleName } = await rules.get(scope, of.ruleId);
      const { id } = await find(scope, of);
      const row = await db.transaction(async (tx) => {
        const store = createAgreementStore(tx);
        const current = await store.lock(scope.projectId, id);
        if (!current) throw notFound("agreement", id);
        const now = new Date(clock.now());
        const from = acceptedFrom(current);
        const tally = sumOf(await createDayStore(tx).listFrom(id, from));
        const changes = { ...startAgain(acceptedOf(current, tally, now)), updatedAt: now };
        const next = await store.update(scope.projectId, id, changes);
        if (!next) throw notFound("agreement", id);
        if (current.worseSince !== null) await recover(deps, tx, { scope, row: next, ruleName, text: ACCEPTED });
        await audit.record(scope, { action: "live-agreement.accept", target: id, details: { ...tally, from } }, tx);
        return next;
      });
      return describeOne(scope, row);
    },

    async delete(scope: Scope, of: Place): Promise<void> {
      const { name: ruleName } = await rules.get(scope, of.ruleId);
      const row = await find(scope, of);
      await db.transaction(async (tx) => {
        await createAgreementStore(tx).delete(scope.projectId, row.id);
        if (row.worseSince !== null) await recover(deps, tx, { scope, row, ruleName, text: DELETED });
        const details = { score: row.score };
        await audit.record(scope, { action: "live-agreement.delete", target: row.id, details }, tx);
      });
    },
  };
}

const ACCEPTED = "A person accepted the new rate as the reference.";
const DELETED = "The agreement of this judge is no longer watched.";

/** While the judge is worse, the accepted rate starts with the evidence: days before it belong to the old rate. */
const acceptedFrom = ({ worseSince, risingSince, lastDay }: AgreementRow): string => {
  const recent = dayPlus(lastDay, 1 - RECENT_DAYS);
  return worseSince !== null && risingSince !== null && risingSince > recent ? risingSince : recent;
};

/** Null with too few pairs: then the reference is collected from new pairs. */
const acceptedOf = (
  { lastDay }: AgreementRow,
  { pairs, disagreements }: { pairs: number; disagreements: number },
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

type Wanted = {
  readonly rule: LiveRule;
  readonly input: LiveAgreementInput;
};

/** How both sides are read. Throws if the rule has no such score, or the caller may not read it. */
async function scaleOf({ scorers }: LiveAgreementDeps, scope: Scope, { rule, input }: Wanted) {
  if (!scope.permissions.has("traces:read"))
    throw new AppError("forbidden", { message: "Reading human scores of spans needs the permission traces:read." });
  const bound = (await scorers.bind(scope, rule.scorers)).find(({ key }) => key === input.score);
  if (!bound)
    throw new AppError("unprocessable", {
      message: `The rule "${rule.name}" has no score "${input.score}". Its scores: ${rule.scoreNames.join(", ")}.`,
      details: { param: "score" },
    });
  return readingOf(bound.output, input.passAt).scale;
}

type New = {
  readonly ruleId: string;
  readonly input: LiveAgreementInput;
  readonly scale: AgreementRow["scale"];
  readonly now: number;
};

/** Pairs of the last 30 days count, so that a reference can exist immediately. */
function newAgreement({ projectId, actor }: Scope, { ruleId, input, scale, now }: New): AgreementRow {
  const firstDay = dayOf(now - RECENT_DAYS * DAY_MS);
  return {
    id: newId("agr", now),
    projectId,
    ruleId,
    ...input,
    scale,
    ...startAgain(null),
    collected: NO_PAIRS,
    firstDay,
    lastDay: dayPlus(firstDay, -1),
    lastError: "",
    createdBy: actor,
    createdAt: new Date(now),
    updatedAt: new Date(now),
  };
}
