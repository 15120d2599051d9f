import { useState } from "react";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import type { Names } from "../shared/scope-words.ts";
import { type Policy, type PolicyVersion, usePolicyVersions, useRestorePolicy } from "../shared/use-guards.ts";
import { useActorNames, useScopeNames } from "../shared/use-names.ts";
import { ChangeList } from "./change-list.tsx";
import { policyChanges } from "./policy-changes.ts";

type TabProps = { policy: Policy; canWrite: boolean };

/** All versions of a policy, newest first: who made each, when, and what changed. */
export function VersionsTab({ policy, canWrite }: TabProps) {
  const list = usePolicyVersions(policy.policyId);
  const names = { scopes: useScopeNames(), actors: useActorNames() };
  const versions = list.data?.pages.flatMap(({ items }) => items);
  if (list.error && !versions)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The versions could not be loaded" />;
  if (!versions) return <Skeleton className="mx-6 mt-4 h-60 rounded-card max-md:mx-4" />;
  // The last version is shown with the page that has the version before it.
  const shown = list.hasNextPage ? versions.slice(0, -1) : versions;
  return (
    <div className="px-6 pt-4 pb-8 max-md:px-4">
      <div className="card">
        <ol aria-label={`Versions of ${policy.name}`} className="divide-y divide-line">
          {shown.map((version, place) => (
            <VersionItem
              key={version.version}
              policy={policy}
              version={version}
              earlier={versions[place + 1]}
              names={names}
              canWrite={canWrite}
            />
          ))}
        </ol>
        <MoreRows list={list} />
      </div>
    </div>
  );
}

type ItemProps = TabProps & {
  version: PolicyVersion;
  /** The version before it; undefined for the first one. */
  earlier: PolicyVersion | undefined;
  names: { readonly scopes: Names; readonly actors: Names };
};

function VersionItem({ policy, version, earlier, names, canWrite }: ItemProps) {
  const isCurrent = version.version === policy.version;
  return (
    <li aria-label={`Version ${version.version}`} className="flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="num font-medium">Version {version.version}</h3>
        {isCurrent && <span className="text-muted">current</span>}
        <span className="min-w-0 text-muted [overflow-wrap:anywhere]">
          by <bdi title={version.actor}>{names.actors.get(version.actor) ?? version.actor}</bdi>
        </span>
        <AgoCell iso={version.createdAt} />
        {version.restoredFrom !== null && <span className="text-muted">repeats version {version.restoredFrom}</span>}
        {canWrite && !isCurrent && <Restore policy={policy} version={version.version} />}
      </div>
      {earlier ? (
        <ChangeList changes={policyChanges(earlier, version, names.scopes)} />
      ) : (
        <p className="text-muted">Created with {formatNumberOf(version.rules.length, "rule")}.</p>
      )}
    </li>
  );
}

type RestoreProps = { policy: Policy; version: number };

function Restore({ policy, version }: RestoreProps) {
  const [isAsking, setIsAsking] = useState(false);
  return (
    <>
      <Button size="small" onClick={() => setIsAsking(true)} className="ml-auto">
        <span>
          Restore<span className="sr-only"> version {version}</span>…
        </span>
      </Button>
      {isAsking && <RestoreDialog policy={policy} version={version} close={() => setIsAsking(false)} />}
    </>
  );
}

function RestoreDialog({ policy, version, close }: RestoreProps & { close: () => void }) {
  const restore = useRestorePolicy(policy.policyId);
  const confirm = () =>
    restore.mutate(version, {
      onSuccess: () => {
        toastDone(`Restored version ${version}. The next request uses it.`);
        close();
      },
    });
  return (
    <ConfirmDialog
      title={`Restore version ${version}?`}
      verb="Restore version"
      isBusy={restore.isPending}
      onConfirm={confirm}
      close={close}
    >
      This makes version {policy.version + 1} with the content of version {version}. The next request uses it.
    </ConfirmDialog>
  );
}
