import type { GuardPolicy } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Audit } from "../../system/audit/index.ts";
import { matchKeyOf, type PolicyContent } from "./policy-content.ts";
import { createGuardStore, type GuardStore } from "./store.ts";

type Deps = { readonly db: Postgres; readonly audit: Pick<Audit, "record">; readonly clock: Clock };
export type PolicyChange = {
  readonly policyId: string;
  readonly content: PolicyContent;
  /** The version that it repeats; null for none. */
  readonly restoredFrom: number | null;
  /** The version that the change is based on; any version if it is not given. */
  readonly expectedVersion?: number | undefined;
};

/** Stores each change of a policy as a version, with its entry in the audit log, or nothing at all. */
export function createPolicyWriter({ db, audit, clock }: Deps) {
  return {
    /** Throws `conflict` if another policy has the name or applies to the same calls. */
    create: (scope: Scope, content: PolicyContent): Promise<GuardPolicy> =>
      db.transaction((tx) => createPolicy({ db: tx, audit, clock }, scope, content)),
    change: (scope: Scope, change: PolicyChange): Promise<GuardPolicy> =>
      db.transaction((tx) => changePolicy({ db: tx, audit, clock }, scope, change)),
    delete: (scope: Scope, policyId: string): Promise<void> =>
      db.transaction(async (tx) => {
        const deleted = await createGuardStore(tx).delete(scope.projectId, policyId);
        if (!deleted) throw notFound("guard policy", policyId);
        const details = { name: deleted.name };
        await audit.record(scope, { action: "guard-policy.delete", target: policyId, details }, tx);
      }),
  };
}

async function createPolicy({ db: tx, audit, clock }: Deps, scope: Scope, content: PolicyContent) {
  const store = createGuardStore(tx);
  await refuseTaken(store, scope, { policyId: "", content });
  const createdAt = new Date(clock.now());
  const id = newId("gpol", clock.now());
  const times = { version: 1, createdAt, updatedAt: createdAt };
  const created = await store.create({ id, projectId: scope.projectId, ...content, ...times });
  if (!created) throw nameTaken(content.name);
  await store.addVersion({ policyId: id, version: 1, content, actor: scope.actor, restoredFrom: null, createdAt });
  await audit.record(scope, { action: "guard-policy.create", target: id, details: content }, tx);
  return created;
}

async function changePolicy({ db: tx, audit, clock }: Deps, scope: Scope, change: PolicyChange): Promise<GuardPolicy> {
  const { policyId, content, restoredFrom } = change;
  const store = createGuardStore(tx);
  const current = await store.lock(scope.projectId, policyId);
  if (!current) throw notFound("guard policy", policyId);
  refuseStale(current, change);
  await refuseTaken(store, scope, change);
  const createdAt = new Date(clock.now());
  const version = current.version + 1;
  await store.addVersion({ policyId, version, content, actor: scope.actor, restoredFrom, createdAt });
  const updated = await store.update(scope.projectId, policyId, { ...content, version, updatedAt: createdAt });
  if (!updated) throw notFound("guard policy", policyId);
  const details = { ...content, version, ...(restoredFrom !== null && { restoredFrom }) };
  await audit.record(scope, { action: "guard-policy.update", target: policyId, details }, tx);
  return updated;
}

function refuseStale({ version }: GuardPolicy, { expectedVersion }: PolicyChange): void {
  if (expectedVersion === undefined || expectedVersion === version) return;
  throw new AppError("conflict", {
    message: `Version ${version} of the policy was saved in the meantime, and your change is based on version ${expectedVersion}. Compare the two versions, then save again.`,
    details: { version, expectedVersion },
  });
}

async function refuseTaken(
  store: GuardStore,
  { projectId }: Scope,
  { policyId, content }: Pick<PolicyChange, "policyId" | "content">,
): Promise<void> {
  const others = (await store.list(projectId)).filter((other) => other.policyId !== policyId);
  if (others.some(({ name }) => name === content.name)) throw nameTaken(content.name);
  const same = others.find(({ appliesTo }) => matchKeyOf(appliesTo) === matchKeyOf(content.appliesTo));
  if (!same) return;
  throw new AppError("conflict", {
    message: `The guard policy "${same.name}" applies to the same calls. Add the rules to it, or choose another endpoint, variant or key.`,
    details: { param: "appliesTo", policyId: same.policyId },
  });
}

const nameTaken = (name: string) =>
  new AppError("conflict", {
    message: `There is already a guard policy "${name}". Choose another name, or change the existing policy.`,
    details: { param: "name" },
  });
