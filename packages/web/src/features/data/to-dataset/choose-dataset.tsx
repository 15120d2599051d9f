import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useEffect, useState } from "react";
import { explain } from "../../../api.ts";
import { useStored } from "../../../components/browser/stored-state.ts";
import { Button } from "../../../components/form/button.tsx";
import { Field, Select, TextInput } from "../../../components/form/field.tsx";
import { useDatasetChoices } from "../../system/choices/index.ts";
import { useProject } from "../../system/session/index.ts";

/** The dataset, and the branch whose draft gets the items. */
export type Into = { readonly datasetId: string; readonly branch: string };
type ChooseProps = { into: Into | undefined; onChoose: (into: Into) => void };

/** The dataset: the last used one, another one, or a new one. */
export function ChooseDataset({ into, onChoose }: ChooseProps) {
  const [last, remember] = useStored("to-dataset", "");
  const [isNew, setIsNew] = useState(false);
  const list = useDatasetChoices();
  const items = list.data;
  function choose(datasetId: string) {
    remember(datasetId);
    onChoose({ datasetId, branch: "main" });
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs once, when the list is loaded.
  useEffect(() => {
    const first = items?.find(({ datasetId }) => datasetId === last) ?? items?.[0];
    if (!into && first) onChoose({ datasetId: first.datasetId, branch: "main" });
  }, [items]);
  if (isNew || items?.length === 0)
    return (
      <NewName
        onMade={(datasetId) => {
          choose(datasetId);
          setIsNew(false);
        }}
        cancel={items && items.length > 0 ? () => setIsNew(false) : undefined}
      />
    );
  return (
    <div className="flex items-end gap-2">
      <Field label="Dataset" error={list.error ? explain(list.error) : undefined} className="grow">
        {(field) => (
          <Select {...field} value={into?.datasetId ?? ""} onChange={({ target }) => choose(target.value)}>
            {!into && <option value="">Choose a dataset</option>}
            {items?.map(({ datasetId, name }) => (
              <option key={datasetId} value={datasetId}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {(items || list.error) && (
        <Button onClick={() => setIsNew(true)}>
          <Plus aria-hidden size={14} /> New
        </Button>
      )}
    </div>
  );
}

function NewName({ onMade, cancel }: { onMade: (datasetId: string) => void; cancel: (() => void) | undefined }) {
  const { client } = useProject();
  const cache = useQueryClient();
  const [name, setName] = useState("");
  const create = useMutation({
    mutationFn: () => client.call("POST /api/v1/datasets", { body: { name: name.trim() } }),
    async onSuccess({ datasetId }) {
      await cache.invalidateQueries({ queryKey: ["datasets"] });
      onMade(datasetId);
    },
  });
  return (
    <div className="flex items-end gap-2">
      <Field label="Dataset name" error={create.error ? explain(create.error) : undefined} className="grow">
        {(field) => (
          <TextInput
            {...field}
            value={name}
            autoFocus
            maxLength={120}
            placeholder="support-questions"
            onChange={({ target }) => setName(target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter") return;
              event.preventDefault();
              if (name.trim() !== "") create.mutate();
            }}
          />
        )}
      </Field>
      <Button isBusy={create.isPending} disabled={name.trim() === ""} onClick={() => create.mutate()}>
        Create
      </Button>
      {cancel && (
        <Button kind="quiet" onClick={cancel}>
          Cancel
        </Button>
      )}
    </div>
  );
}
