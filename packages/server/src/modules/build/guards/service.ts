import type { GuardPolicy, GuardPolicyVersion, guardsApi, ParsedOf } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { notFound } from "../../../kernel/errors.ts";
import type { Log } from "../../../kernel/log.ts";
import { fromCursor, toPage } from "../../../kernel/pages.ts";
import { createPerProject } from "../../../kernel/per-project.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Secrets } from "../../../platform/secrets/port.ts";
import type { Audit } from "../../system/audit/index.ts";
import {
  type ActivePolicies,
  type ActivePolicy,
  type GuardedCall,
  selectPolicy,
  toActivePolicies,
} from "./active-policy.ts";
import { type CheckDeps, createPolicyCheck } from "./check-policy.ts";
import { createCheckTexts } from "./check-texts.ts";
import { createMaskStore } from "./mask-store.ts";
import { createSessionMasks } from "./masks.ts";
import { createModerate } from "./moderate.ts";
import { createOpenChosen } from "./open-chosen.ts";
import type { PolicyContent } from "./policy-content.ts";
import { createGuardStore, type GuardStore } from "./store.ts";
import { createPolicyWriter, type PolicyChange } from "./write-policy.ts";

export type GuardsDeps = CheckDeps & {
  readonly db: Postgres;
  readonly secrets: Pick<Secrets, "seal" | "open">;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  readonly log: Log;
};
type PolicyInput = ParsedOf<(typeof guardsApi)["POST /api/v1/guard-policies"]>["body"];
type Replacement = Pick<PolicyChange, "policyId" | "expectedVersion"> & { readonly content: PolicyInput };
type Page = { readonly limit: number; readonly cursor?: string | undefined };

/** Other servers' changes are seen after this long. */
const MAX_AGE_MS = 10_000;

/** Policies of guards: which detectors read which texts of a call, and what happens to a finding. */
export function createGuards({ db, secrets, clock, log, ...deps }: GuardsDeps) {
  const { registry } = deps;
  const store = createGuardStore(db);
  const active = createPerProject<ActivePolicies>({
    clock,
    maxAgeMs: MAX_AGE_MS,
    load: async (projectId) => toActivePolicies(await store.list(projectId), registry),
  });
  const reads = createReads(store);
  const masks = createSessionMasks({ store: createMaskStore(db), secrets, clock, log });
  function find(call: GuardedCall): ActivePolicy | null | Promise<ActivePolicy | null> {
    const policies = active.recall(call.projectId);
    if (policies) return selectPolicy(policies, call);
    return active.get(call.projectId).then((loaded) => selectPolicy(loaded, call));
  }
  return {
    ...reads,
    ...createChanges({ ...deps, db, clock, getVersion: reads.getVersion, forget: active.forget }),
    check: createCheckTexts({ registry, get: reads.get, clock }),
    moderate: createModerate({ registry, list: reads.list, find, clock }),
    /** For the gateway: the policy of a call. Without a promise if the policies of the project are in memory. */
    find,
    openChosen: createOpenChosen({ store, registry }),
    openMasks: masks.open,
    registry,
  };
}
export type Guards = ReturnType<typeof createGuards>;

function createReads(store: GuardStore) {
  async function get(scope: Scope, policyId: string): Promise<GuardPolicy> {
    const policy = await store.find(scope.projectId, policyId);
    if (!policy) throw notFound("guard policy", policyId);
    return policy;
  }
  return {
    list: (scope: Scope) => store.list(scope.projectId),
    get,
    /** A policy as it was at a version. */
    async getVersion(scope: Scope, policyId: string, version: number): Promise<PolicyContent> {
      await get(scope, policyId);
      const content = await store.findVersion(policyId, version);
      if (!content) throw notFound("version of the guard policy", String(version));
      return content;
    },
    /** The versions, newest first. */
    async listVersions(scope: Scope, policyId: string, { limit, cursor }: Page) {
      await get(scope, policyId);
      const below = cursor === undefined ? undefined : Number(fromCursor(cursor, 1)[0]) || 0;
      const rows: GuardPolicyVersion[] = await store.listVersions(policyId, { limit: limit + 1, below });
      return toPage(rows, limit, ({ version }) => [version]);
    },
  };
}

type ChangeDeps = CheckDeps &
  Pick<GuardsDeps, "db" | "audit" | "clock"> & {
    readonly getVersion: (scope: Scope, policyId: string, version: number) => Promise<PolicyContent>;
    /** The next call of a project sees a change. */
    readonly forget: (projectId: string) => void;
  };

function createChanges({ getVersion, ...deps }: ChangeDeps) {
  const { change, create, remove } = createSeenWrites(deps);
  return {
    create,
    delete: remove,
    replace: (scope: Scope, replacement: Replacement) => change(scope, { ...replacement, restoredFrom: null }),
    /** Makes an earlier version the current one, as a new version. */
    async restore(scope: Scope, policyId: string, version: number): Promise<GuardPolicy> {
      const content = await getVersion(scope, policyId, version);
      return change(scope, { policyId, content, restoredFrom: version });
    },
  };
}

/** Checked changes, which the next call sees. */
function createSeenWrites({ db, audit, clock, forget, ...deps }: Omit<ChangeDeps, "getVersion">) {
  const check = createPolicyCheck(deps);
  const write = createPolicyWriter({ db, audit, clock });
  const seen = async <T>(scope: Scope, changing: Promise<T>): Promise<T> => {
    const changed = await changing;
    forget(scope.projectId);
    return changed;
  };
  return {
    async create(scope: Scope, content: PolicyContent): Promise<GuardPolicy> {
      await check(scope, content);
      return seen(scope, write.create(scope, content));
    },
    async change(scope: Scope, change: PolicyChange): Promise<GuardPolicy> {
      await check(scope, change.content);
      return seen(scope, write.change(scope, change));
    },
    remove: (scope: Scope, policyId: string): Promise<void> => seen(scope, write.delete(scope, policyId)),
  };
}
