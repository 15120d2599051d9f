import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { Dialog } from "../../../../components/overlay/dialog.tsx";
import { formatBytes, formatNumberOf } from "../../../../components/text/format.ts";
import { type Model, type Uses, useLineage, useUses, type Version } from "./use-registry.ts";
import { useModelChanges } from "./use-registry-changes.ts";

/** Deletes a model with all its versions, or lists what still uses it. */
export function DeleteModel({ model, close }: { model: Model; close: () => void }) {
  const navigate = useNavigate();
  const { deleteModel } = useModelChanges();
  const { data: uses } = useUses(model.name);
  if (!uses) return <Loading title={`Delete ${model.name}`} close={close} />;
  const needed = [
    ...model.aliases.map(
      ({ alias, version }) => `The alias ${alias} points to version ${version}. Delete the alias first.`,
    ),
    ...uses.above.map(
      (one) => `${one.name} v${one.version} is an adapter on version ${one.over}. Delete the adapter first.`,
    ),
  ];
  if (needed.length > 0) return <Blocked title={`${model.name} is in use`} reasons={needed} close={close} />;
  return (
    <ConfirmDialog
      title={`Delete ${model.name}?`}
      verb="Delete model"
      phrase={model.name}
      isBusy={deleteModel.isPending}
      close={close}
      onConfirm={() =>
        deleteModel.mutate(model.name, {
          onSuccess: () => {
            toastDone(`Deleted ${model.name}`);
            void navigate({ to: "/models/registry" });
          },
        })
      }
    >
      <p>
        {formatNumberOf(model.versions, "version")} with all files, notes and stages will be deleted. You cannot undo
        this. Files shared with another model stay.
      </p>
      <Askers names={uses.names} />
    </ConfirmDialog>
  );
}

/** Deletes one version, or lists what still uses it. */
export function DeleteVersion({ version, close }: { version: Version; close: () => void }) {
  const navigate = useNavigate();
  const { deleteVersion } = useModelChanges();
  const { name } = version;
  const place = { name, version: String(version.version) };
  const { data: uses } = useUses(name);
  const { data: lineage } = useLineage(place);
  const title = `${name} v${version.version}`;
  if (!uses || !lineage) return <Loading title={`Delete ${title}`} close={close} />;
  const self = `version:${name}@v${version.version}`;
  const above = lineage.edges.filter(({ from, label }) => from === self && label === "is under").map(({ to }) => to);
  const needed = [
    ...version.aliases.map((alias) => `The alias ${alias} points to this version. Move or delete the alias first.`),
    ...lineage.nodes
      .filter(({ id }) => above.includes(id))
      .map(({ label }) => `${label} is an adapter on this version. Delete the adapter first.`),
  ];
  if (needed.length > 0) return <Blocked title={`${title} is in use`} reasons={needed} close={close} />;
  return (
    <ConfirmDialog
      title={`Delete ${title}?`}
      verb="Delete version"
      isBusy={deleteVersion.isPending}
      close={close}
      onConfirm={() =>
        deleteVersion.mutate(place, {
          onSuccess: () => {
            toastDone(`Deleted ${title}`);
            close();
            void navigate({ to: "/models/registry/$name", params: { name }, search: {}, replace: true });
          },
        })
      }
    >
      <p>
        This deletes {formatNumberOf(version.fileCount, "file")} ({formatBytes(version.sizeBytes)}) and the version's
        notes. You cannot undo this. The version number is not used again.
      </p>
      <Askers names={uses.names.filter((one) => one.version === version.version)} />
    </ConfirmDialog>
  );
}

/** Endpoints that use the version. They do not prevent the deletion, but fail afterwards. */
function Askers({ names }: { names: Uses["names"] }) {
  const asking = names.filter(({ endpoints }) => endpoints.length > 0);
  if (asking.length === 0) return null;
  return (
    <ul className="mt-2 rounded-control bg-warn-soft px-3 py-2">
      {asking.map(({ name, endpoints }) => (
        <li key={name}>
          {endpoints.map((one) => `The endpoint ${one.name}`).join(", ")} uses <code>{name}</code>. It will fail or use
          another version.
        </li>
      ))}
    </ul>
  );
}

type BlockedProps = { title: string; reasons: readonly string[]; close: () => void };

function Blocked({ title, reasons, close }: BlockedProps) {
  return (
    <Dialog title={title} close={close} width="narrow">
      <Reasons>
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </Reasons>
      <div className="mt-4 flex justify-end">
        <Button onClick={close}>Close</Button>
      </div>
    </Dialog>
  );
}

const Reasons = ({ children }: { children: ReactNode }) => (
  <ul className="flex list-disc flex-col gap-1 pl-5 [overflow-wrap:anywhere]">{children}</ul>
);

const Loading = ({ title, close }: { title: string; close: () => void }) => (
  <Dialog title={title} close={close} width="narrow">
    <Skeleton className="h-16" />
  </Dialog>
);
