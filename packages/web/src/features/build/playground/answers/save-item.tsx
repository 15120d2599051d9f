import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { explain } from "../../../../api.ts";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field, TextArea } from "../../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../../components/overlay/dialog.tsx";
import { ChooseDataset } from "../../../data/to-dataset/index.ts";
import { useProject } from "../../../system/session/index.ts";
import type { Run } from "../runs/run-chat.ts";
import { type Asked, fillRequest } from "../state/fill-request.ts";

type SaveProps = { run: Run; ask: Asked; close: () => void };
type Into = Parameters<Parameters<typeof ChooseDataset>[0]["onChoose"]>[0];

/** Saves a request and its answer as an item in the draft of a dataset. */
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
      toastDone("Added to the dataset draft");
      close();
      return cache.invalidateQueries({ queryKey: ["datasets"] });
    },
  });
  return (
    <Dialog
      title="Save as a dataset item"
      description="The request becomes the inputs and the answer becomes the expected output. The item is added to the draft, where you can commit it."
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
            Add item
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
