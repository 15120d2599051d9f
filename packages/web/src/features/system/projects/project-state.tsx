import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { whenDone } from "../../../components/feedback/when-done.ts";
import { Button } from "../../../components/form/button.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { ConfirmDialog } from "../../../components/overlay/confirm-dialog.tsx";
import { useProject, useProjectChanges } from "../session/index.ts";

/** Archives, restores and deletes the project. Hidden without permission. */
export function ProjectState() {
  const project = useProject();
  if (!project.can("projects:write")) return null;
  if (project.isFirst)
    return (
      <Section title="Archive and delete">
        <p className="px-4 pb-4 text-muted text-pretty">
          This is the server's first project. Its owners and admins administer the server, so it can be renamed, but not
          archived or deleted.
        </p>
      </Section>
    );
  return (
    <Section title="Archive and delete">
      <div className="divide-y divide-line border-line border-t">
        <ArchiveRow />
        <DeleteRow />
      </div>
    </Section>
  );
}

function Row({ children, action }: { children: ReactNode; action: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <p className="min-w-60 flex-1 text-muted text-pretty">{children}</p>
      {action}
    </div>
  );
}

function ArchiveRow() {
  const { state, name } = useProject();
  const { archive, restore } = useProjectChanges();
  const [isAsking, setIsAsking] = useState(false);
  if (state === "archived")
    return (
      <Row
        action={
          <Button
            isBusy={restore.isPending}
            onClick={() => void whenDone(restore.mutateAsync(), () => toastDone(`Restored ${name}`))}
          >
            Restore project
          </Button>
        }
      >
        The project is archived. Restore it to make changes, record traces and call models again.
      </Row>
    );
  function confirm() {
    void whenDone(archive.mutateAsync(), () => {
      setIsAsking(false);
      toastDone(`Archived ${name}`);
    });
  }
  return (
    <Row action={<Button onClick={() => setIsAsking(true)}>Archive project…</Button>}>
      An archived project is read-only. You can restore it at any time.
      {isAsking && (
        <ConfirmDialog
          title={`Archive ${name}?`}
          verb="Archive project"
          isBusy={archive.isPending}
          onConfirm={confirm}
          close={() => setIsAsking(false)}
        >
          Gateway calls, traces and changes with its API keys are rejected until you restore it. Its jobs wait.
        </ConfirmDialog>
      )}
    </Row>
  );
}

function DeleteRow() {
  const project = useProject();
  const { remove } = useProjectChanges();
  const navigate = useNavigate();
  const [isAsking, setIsAsking] = useState(false);
  function confirm() {
    const next = project.projects.find(
      ({ projectId, state }) => projectId !== project.id && state === "active",
    )?.projectId;
    remove.mutate(project.name, {
      onSuccess: () => {
        toastDone(`Deleted ${project.name}`);
        if (next !== undefined) project.remember(next);
        void navigate({ to: "/", search: { project: next } });
      },
    });
  }
  return (
    <Row
      action={
        <Button kind="danger" onClick={() => setIsAsking(true)}>
          Delete project…
        </Button>
      }
    >
      A deleted project closes now. You can restore it during the grace period. Then its data is removed for good.
      {isAsking && (
        <ConfirmDialog
          title={`Delete ${project.name}?`}
          verb="Delete project"
          phrase={project.name}
          isBusy={remove.isPending}
          onConfirm={confirm}
          close={() => setIsAsking(false)}
        >
          Its pages close and its API keys stop working now. After the grace period its traces, datasets, prompts,
          models and audit log are removed.
        </ConfirmDialog>
      )}
    </Row>
  );
}
