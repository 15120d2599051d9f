import { Server } from "lucide-react";
import { CardRows, SettingsCollection } from "../../../components/layout/settings-collection.tsx";
import { useProject } from "../../system/session/index.ts";
import { TargetCard } from "./target-card.tsx";
import { TargetForm } from "./target-form.tsx";
import { type ComputeTarget, useComputeTargets, useDeleteComputeTarget } from "./use-compute-targets.ts";

/** The clusters that training runs of the project can use. */
export function ComputePage() {
  const targets = useComputeTargets();
  const remove = useDeleteComputeTarget();
  const canWrite = useProject().can("compute:write");
  return (
    <SettingsCollection
      title="Compute targets"
      description="Clusters that can run this project's training. A cluster shares a folder with this server."
      query={targets}
      items={targets.data?.items}
      failure="The compute targets could not be loaded"
      canWrite={canWrite}
      newLabel="Add compute target"
      empty={{
        title: "No compute targets yet",
        icon: <Server size={22} />,
        words: "Training runs on this machine. Add a cluster to choose it when you create a run.",
      }}
      list={(items, open) => (
        <CardRows items={items} skeletons={["h-16", "h-16"]}>
          {(target) => (
            <TargetCard
              key={target.computeTargetId}
              target={target}
              canWrite={canWrite}
              onEdit={() => open("edit", target)}
              onDelete={() => open("delete", target)}
            />
          )}
        </CardRows>
      )}
      form={(target, close) => <TargetForm target={target} close={close} />}
      remove={{ mutation: remove, ask: removalOf }}
    />
  );
}

const removalOf = ({ computeTargetId, name, url }: ComputeTarget) => ({
  id: computeTargetId,
  title: `Delete ${name}?`,
  verb: "Delete compute target",
  done: `Deleted ${name}`,
  words: (
    <>
      New runs can no longer use <code className="text-xs break-all">{url}</code> . Its token is deleted. Existing runs
      and their models stay.
    </>
  ),
});
