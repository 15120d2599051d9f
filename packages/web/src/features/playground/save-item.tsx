import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Field, TextArea } from "../../components/field.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";
import { ChooseDataset } from "../to-dataset/index.ts";
import { type Asked, fillRequest } from "./fill-request.ts";
import type { Run } from "./run-chat.ts";

type SaveProps = { run: Run; ask: Asked; close: () => void };
type Into = Parameters<Parameters<typeof ChooseDataset>[0]["onChoose"]>[0];

/** Saves an answer as what is expected of what was asked, in the draft of a dataset. */
export function SaveItem({ run, ask, close }: SaveProps) {
  const { client } = useProject();
  const cache = useQueryClient();
  const [into, choose] = useState<Into>();
  const [expected, setExpected] = useState(run.text);
  const save = useMutation({
    async mutationFn({ datasetId, branch }: Into) {
      const inputs = await inputsOf(client, ask);
      const { traceId, spanId, answeredBy } = run;
      const source = { kind: "trace" as const, traceId, spanId, ...(answeredBy && { model: answeredBy }) };
      return client.call("POST /api/v1/datasets/:datasetId/items", {
        params: { datasetId },
        body: { branch, items: [{ inputs, expected, source: traceId ? source : { kind: "manual" } }] },
      });
    },
    onSuccess() {
      toastDone("Added to the draft of the dataset");
      close();
      return cache.invalidateQueries({ queryKey: ["datasets"] });
    },
  });
  return (
    <Dialog
      title="Save as a dataset item"
      description="What was asked becomes the inputs, the answer what is expected. It goes to the draft, to be committed there."
      close={close}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (into) save.mutate(into);
        }}
      >
        <ChooseDataset into={into} onChoose={choose} />
        <Field label="Expected" error={save.error ? explain(save.error) : undefined}>
          {(field) => (
            <TextArea {...field} rows={8} value={expected} onChange={({ target }) => setExpected(target.value)} />
          )}
        </Field>
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={!into} isBusy={save.isPending}>
            Add the item
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

type Client = ReturnType<typeof useProject>["client"];

/** The inputs of the prompt and the conversation; of a prompt without inputs, its messages as they were sent. */
async function inputsOf(client: Client, ask: Asked): Promise<Record<string, unknown>> {
  const conversation = ask.conversation.length > 0 ? { messages: ask.conversation } : {};
  if (Object.keys(ask.inputs).length > 0 || ask.conversation.length > 0) return { ...ask.inputs, ...conversation };
  const { messages } = await fillRequest(client, ask, new AbortController().signal);
  return { messages: Array.isArray(messages) ? messages : [] };
}
