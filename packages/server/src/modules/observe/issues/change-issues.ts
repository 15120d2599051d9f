import type { Issue, IssueActivity, IssuePatch, IssueResolution } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { resolvedNotice } from "./follow/notices.ts";
import { createNoting, type Entry } from "./note-activities.ts";
import type { IssuesDeps } from "./stores/deps.ts";
import { createFingerprintStore } from "./stores/fingerprint-store.ts";
import { createFollowStore, DEFAULT_SETTINGS } from "./stores/follow-store.ts";
import { createIssueStore, type IssueChanges, type IssueRow } from "./stores/issue-store.ts";

export type Shown = {
  find(scope: Scope, issueId: string): Promise<IssueRow>;
  describeOne(scope: Scope, row: IssueRow): Promise<Issue>;
};

/** What people change about issues: each change is one transaction with its activity and audit entry. */
export function createIssueChanges(deps: IssuesDeps, { find, describeOne }: Shown) {
  const { db, clock } = deps;
  const note = createNoting(deps);

  async function apply(scope: Scope, before: IssueRow, patch: IssuePatch): Promise<IssueRow> {
    const { changes, entries } = changesOf(before, patch, new Date(clock.now()));
    return db.transaction(async (tx) => {
      const row = await createIssueStore(tx).update(scope.projectId, before.id, changes);
      if (!row) throw notFound("issue", before.id);
      await note(tx, scope, entries);
      if (patch.state === "resolved" && before.state !== "resolved") await announceResolved(deps, { tx, scope }, row);
      return row;
    });
  }

  return {
    async update(scope: Scope, issueId: string, patch: IssuePatch): Promise<Issue> {
      const before = await find(scope, issueId);
      if (Object.keys(patch).length === 0) return describeOne(scope, before);
      const { assigneeId } = patch;
      if (assigneeId && !(await deps.isMember(scope.projectId, assigneeId)))
        throw new AppError("invalid_request", {
          message: `\`assigneeId\`: "${assigneeId}" is not a member of the project. List the members, and use a \`userId\`.`,
          details: { param: "assigneeId" },
        });
      return describeOne(scope, await apply(scope, before, patch));
    },
  };
}

type Within = { readonly tx: Postgres; readonly scope: Scope };

async function announceResolved(
  { announce, clock }: IssuesDeps,
  { tx, scope }: Within,
  issue: IssueRow,
): Promise<void> {
  if (!issue.isAnnounced && issue.regressions === 0) return;
  const [cause] = await createFingerprintStore(tx).listOf(scope.projectId, issue.id, 1);
  const settings = (await createFollowStore(tx).find(scope.projectId))?.settings ?? DEFAULT_SETTINGS;
  if (cause) await announce(tx, scope, resolvedNotice({ issue, cause, settings, at: new Date(clock.now()) }));
}

const resolutionWords = (resolution: IssueResolution): string => {
  switch (resolution.kind) {
    case "time":
      return "resolved";
    case "release":
      return `resolved in ${resolution.release}`;
    case "promptVersion":
      return `resolved in ${resolution.promptName}@${resolution.promptVersion}`;
    default:
      return resolution satisfies never;
  }
};

/** The new values, and one activity for each change. */
function changesOf(before: IssueRow, patch: IssuePatch, now: Date): { changes: IssueChanges; entries: Entry[] } {
  const entries: Entry[] = [];
  const add = (action: IssueActivity["action"], from: string, to: string) =>
    entries.push({ issueId: before.id, action, from, to });
  let changes: IssueChanges = {};
  if (patch.state !== undefined) {
    const resolution = patch.state === "resolved" ? (patch.resolution ?? { kind: "time" as const }) : null;
    changes = { state: patch.state, resolution, resolvedAt: resolution ? now : null };
    add("state", before.state, resolution ? resolutionWords(resolution) : patch.state);
  }
  if (patch.title !== undefined) {
    changes = { ...changes, title: patch.title, hasOwnTitle: true };
    add("rename", before.title, patch.title);
  }
  if (patch.assigneeId !== undefined) {
    changes = { ...changes, assigneeId: patch.assigneeId };
    add("assign", before.assigneeId ?? "", patch.assigneeId ?? "");
  }
  if (patch.links !== undefined) {
    changes = { ...changes, links: patch.links };
    add("link", before.links.map(({ name }) => name).join(", "), patch.links.map(({ name }) => name).join(", "));
  }
  return { changes, entries };
}
