import { useNavigate } from "@tanstack/react-router";
import { type PromptContent, PromptName } from "@treadle/contract";
import { useRef, useState } from "react";
import { useStored } from "../../../../components/browser/stored-state.ts";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Field, TextInput } from "../../../../components/form/field.tsx";
import { LeaveGuard } from "../../../../components/overlay/leave-guard.tsx";
import { useProject } from "../../../system/session/index.ts";
import { newDraft } from "../shared/prompt-draft.ts";
import { TagsInput } from "../shared/tags-input.tsx";
import { useCreatePrompt } from "../shared/use-prompt-changes.ts";
import { EditorHeader } from "./editor-header.tsx";
import { PromptEditor } from "./prompt-editor.tsx";
import { type Commit, SaveDialog } from "./save-dialog.tsx";
import { useDraft } from "./use-draft.ts";

type About = { readonly name: string; readonly description: string; readonly tags: readonly string[] };

const UNNAMED: About = { name: "", description: "", tags: [] };

/** A prompt that does not exist yet, in the folder that was open. */
export function NewPrompt({ folder, close }: { folder: string; close: () => void }) {
  const { id } = useProject();
  const navigate = useNavigate();
  const [initial] = useState(newDraft);
  const state = useDraft("", initial);
  const [about, setAbout] = useStored(`prompt-about.${id}`, UNNAMED);
  const [isTouched, setIsTouched] = useState(false);
  const [isSaving, setIsSaving] = useState(false);
  const create = useCreatePrompt();
  const isDone = useRef(false);
  const name = about.name || (folder && !isTouched ? `${folder}/` : "");
  const problem = PromptName.safeParse(name).error?.issues[0]?.message;
  const set = (next: Partial<About>) => setAbout({ ...about, ...next });
  function forget() {
    state.discard();
    setAbout(UNNAMED);
  }
  const save = (content: PromptContent, commit: Commit) =>
    create.mutate(
      { ...content, ...commit, name, description: about.description, tags: [...about.tags] },
      {
        onSuccess: (prompt) => {
          isDone.current = true;
          forget();
          toastDone(`Saved ${prompt.name}`);
          void navigate({ to: "/prompts/$name", params: { name: prompt.name } });
        },
      },
    );
  return (
    <>
      <EditorHeader
        title="New prompt"
        note="This saves the first version. Every later save creates a new version."
        state={state}
        isReady={problem === undefined}
        onSave={() => setIsSaving(true)}
        onDiscard={() => {
          isDone.current = true;
          forget();
          close();
        }}
      />
      <PromptEditor name="" state={state}>
        <div className="grid grid-cols-2 gap-3 max-md:grid-cols-1">
          <Field
            label="Name"
            help="Use a slash to create a folder, such as support/reply."
            error={isTouched && name !== "" ? problem : undefined}
            className="col-span-full"
          >
            {(field) => (
              <TextInput
                {...field}
                value={name}
                maxLength={200}
                placeholder="support/reply"
                autoFocus
                onChange={({ target }) => {
                  setIsTouched(true);
                  set({ name: target.value });
                }}
                className="font-mono text-sm"
              />
            )}
          </Field>
          <Field label="Description" isOptional>
            {(field) => (
              <TextInput
                {...field}
                value={about.description}
                maxLength={2_000}
                onChange={({ target }) => set({ description: target.value })}
                spellCheck
              />
            )}
          </Field>
          <TagsInput tags={about.tags} onChange={(tags) => set({ tags })} error={undefined} />
        </div>
      </PromptEditor>
      {isSaving && state.content && (
        <SaveDialog
          title={`Save ${name}`}
          before={undefined}
          after={state.content}
          prompt={undefined}
          isBusy={create.isPending}
          error={create.error}
          onSave={(commit) => state.content && save(state.content, commit)}
          close={() => {
            create.reset();
            setIsSaving(false);
          }}
        />
      )}
      <LeaveGuard
        isNeeded={() => !isDone.current && (state.isChanged || about.name !== "")}
        staysOpen={({ new: begun }) => begun === "1"}
        discard={forget}
      />
    </>
  );
}
