import type { PromptContent } from "@treadle/contract";
import { useMemo, useRef, useState } from "react";
import { ApiError } from "../../../../api.ts";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { LeaveGuard } from "../../../../components/overlay/leave-guard.tsx";
import { contentOfVersion, draftFrom } from "../shared/prompt-draft.ts";
import { useCreateVersion } from "../shared/use-prompt-changes.ts";
import { type Prompt, type PromptVersion, useVersion } from "../shared/use-prompts.ts";
import { EditorHeader } from "./editor-header.tsx";
import { PromptEditor } from "./prompt-editor.tsx";
import { type Commit, SaveDialog } from "./save-dialog.tsx";
import { useDraft } from "./use-draft.ts";

/** `close` receives the new version. */
type EditProps = { prompt: Prompt; version: number; close: (made?: number) => void };

/** Edits a new version, starting from the version that was shown. */
export function EditVersion({ prompt, version: shown, close }: EditProps) {
  // A version that another user saves in the meantime does not replace it.
  const [version] = useState(shown);
  const { data, error, refetch } = useVersion(prompt.name, version);
  if (data) return <Editing prompt={prompt} from={data} close={close} />;
  if (error)
    return <ErrorState error={error} retry={() => refetch()} title={`Version ${version} could not be loaded`} />;
  return <Skeleton className="m-6 h-96" />;
}

type EditingProps = { prompt: Prompt; from: PromptVersion; close: (made?: number) => void };

function Editing({ prompt, from, close }: EditingProps) {
  // The latest version when editing started; later versions are from other users.
  const [begun] = useState(prompt.latestVersion);
  const initial = useMemo(() => draftFrom(from, begun), [from, begun]);
  const state = useDraft(prompt.name, initial);
  const [isSaving, setIsSaving] = useState(false);
  const create = useCreateVersion(prompt.name);
  const isDone = useRef(false);
  const { draft, content } = state;
  const isOutdated = draft.base !== prompt.latestVersion;
  const isConflict = create.error instanceof ApiError && create.error.code === "conflict";
  function leave(made?: number) {
    isDone.current = true;
    state.discard();
    close(made);
  }
  const save = (body: PromptContent, { message, labels }: Commit) =>
    create.mutate(
      { ...body, message, labels, expectedLatest: draft.base },
      {
        onSuccess: ({ version, isNew }) => {
          toastDone(isNew ? `Saved version ${version}` : `Version ${version} is identical. Nothing was saved.`);
          leave(version);
        },
      },
    );
  return (
    <>
      <EditorHeader
        title={`Editing ${prompt.name}`}
        note={`Based on version ${from.version}. Saving creates version ${prompt.latestVersion + 1}.`}
        state={state}
        isReady={state.isChanged}
        onSave={() => setIsSaving(true)}
        onDiscard={() => leave()}
      />
      {isOutdated && (
        <p
          role="status"
          className="mx-6 mb-4 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-control bg-warn-soft px-3 py-2 max-md:mx-4"
        >
          Version {prompt.latestVersion} was created after you started from version {draft.base}.
          <Button size="small" onClick={() => state.change({ base: prompt.latestVersion })}>
            Keep mine
          </Button>
          <Button size="small" onClick={() => leave(prompt.latestVersion)}>
            Discard mine
          </Button>
        </p>
      )}
      <PromptEditor name={prompt.name} state={state} />
      {isSaving && content && (
        <SaveDialog
          title={`Save version ${prompt.latestVersion + 1}`}
          before={contentOfVersion(from)}
          after={content}
          prompt={prompt}
          isBusy={create.isPending}
          error={create.error}
          onSave={(commit) => save(content, commit)}
          close={() => {
            create.reset();
            setIsSaving(false);
          }}
        >
          {isConflict && <p>Close this dialog. The page shows the new version and lets you save yours after it.</p>}
        </SaveDialog>
      )}
      <LeaveGuard
        isNeeded={() => state.isChanged && !isDone.current}
        staysOpen={({ edit }) => edit === "1"}
        discard={state.discard}
      />
    </>
  );
}
