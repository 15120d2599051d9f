import { useMutation, useQueryClient } from "@tanstack/react-query";
import { PromptName } from "@treadle/contract";
import { useState } from "react";
import { ApiError, explain } from "../../../../api.ts";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Checkbox, Field, TextInput } from "../../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../../components/overlay/dialog.tsx";
import { useProject } from "../../../system/session/index.ts";
import type { Playground } from "../runs/use-playground.ts";
import { usePromptNames } from "../state/playground-data.ts";
import { type ChatColumn, messagesFor } from "../state/playground-state.ts";
import { contentOf } from "./prompt-content.ts";

type SaveProps = { playground: Playground; column: ChatColumn; close: () => void };

/** Saves a column as the first version of a new prompt, or as the next version of an existing prompt. */
export function SavePrompt({ playground, column, close }: SaveProps) {
  const [name, setName] = useState(column.prompt?.name ?? "");
  const [message, setMessage] = useState("");
  const [isUsed, setIsUsed] = useState(true);
  const { data } = usePromptNames(name.trim());
  const known = data?.items.some((prompt) => prompt.name === name.trim()) ?? false;
  const stored = playground.promptOf(column)?.version;
  const made = contentOf(column, messagesFor(playground.state, column), stored);
  const problem = "problem" in made ? made.problem : undefined;
  const save = useSaveVersion((version, isNew) => {
    toastDone(isNew ? `Saved as version ${version} of ${name.trim()}` : `Version ${version} is identical`);
    if (isUsed) {
      const { format, schema, isStreamed } = column.parameters;
      const { tools: _, ...rest } = column;
      const parameters = { format: "text" as const, schema, isStreamed };
      playground.changeColumn({
        ...rest,
        model: "",
        extra: {},
        prompt: { name: name.trim(), version },
        parameters: format === "text" ? parameters : { ...parameters, format },
      });
    }
    close();
  });
  const wrongName = name === "" ? undefined : PromptName.safeParse(name).error?.issues[0]?.message;
  return (
    <Dialog title="Save as a prompt version" close={close}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if ("content" in made && name.trim() !== "" && !wrongName)
            save.mutate({ name: name.trim(), message, content: made.content });
        }}
      >
        <Field
          label="Prompt"
          error={wrongName}
          help={
            known
              ? "This prompt exists. You are saving its next version."
              : "Use a slash to create a folder, such as support/reply."
          }
        >
          {(field) => (
            <TextInput
              {...field}
              value={name}
              autoFocus
              list="known-prompts"
              placeholder="support/answer"
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
        <datalist id="known-prompts">
          {data?.items.map((prompt) => (
            <option key={prompt.promptId} value={prompt.name} />
          ))}
        </datalist>
        <Field label="Change note" isOptional>
          {(field) => (
            <TextInput
              {...field}
              value={message}
              maxLength={2_000}
              onChange={({ target }) => setMessage(target.value)}
            />
          )}
        </Field>
        <Checkbox
          label="Use the saved version in this column"
          checked={isUsed}
          onChange={({ target }) => setIsUsed(target.checked)}
        />
        {(problem || save.error) && (
          <p role="alert" className="text-bad">
            {problem ?? explain(save.error)}
          </p>
        )}
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            isBusy={save.isPending}
            disabled={problem !== undefined || name.trim() === "" || wrongName !== undefined}
          >
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

type Content = Extract<ReturnType<typeof contentOf>, { content: unknown }>["content"];
type Saved = { name: string; message: string; content: Content };

/** A next version where there is such a prompt, otherwise a new prompt. */
function useSaveVersion(done: (version: number, isNew: boolean) => void) {
  const { client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    async mutationFn({ name, message, content }: Saved) {
      try {
        const body = { ...content, message };
        const { version, isNew } = await client.call("POST /api/v1/prompts/:name/versions", { params: { name }, body });
        return { version, isNew };
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 404)) throw error;
        await client.call("POST /api/v1/prompts", { body: { ...content, name, message } });
        return { version: 1, isNew: true };
      }
    },
    async onSuccess({ version, isNew }) {
      await Promise.all([["prompts"], ["prompt"]].map((queryKey) => cache.invalidateQueries({ queryKey })));
      done(version, isNew);
    },
  });
}
