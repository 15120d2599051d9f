import { useNavigate } from "@tanstack/react-router";
import { type Dataset, DatasetPatch } from "@treadle/contract";
import { useState } from "react";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Checkbox, Field, TextArea, TextInput } from "../../../../components/form/field.tsx";
import { useFormState } from "../../../../components/form/form-state.ts";
import { Section } from "../../../../components/layout/page.tsx";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { useDataset, useDeleteDataset, useUpdateDataset } from "../shared/use-datasets.ts";
import { useDatasetPlace } from "../shared/use-draft.ts";
import { LiveLinks } from "./live-links.tsx";
import { SchemaSection } from "./schema-section.tsx";

/** The settings of a dataset: name and description, schema, live links, and deletion. */
export function DatasetSettings() {
  const { datasetId } = useDatasetPlace();
  const { can } = useProject();
  const { data } = useDataset(datasetId);
  if (!data) return <Skeleton className="m-6 h-60 rounded-card" />;
  const canWrite = can("datasets:write");
  return (
    <div className="flex max-w-200 flex-col gap-4 px-6 pt-4 pb-8 max-md:px-4">
      <About key={data.updatedAt} dataset={data} canWrite={canWrite} />
      <SchemaSection dataset={data} canWrite={canWrite} />
      <LiveLinks datasetId={datasetId} canWrite={canWrite} />
      {canWrite && <End dataset={data} />}
    </div>
  );
}

function About({ dataset, canWrite }: { dataset: Dataset; canWrite: boolean }) {
  const update = useUpdateDataset();
  const { name, description, isEvaluation } = dataset;
  const form = useFormState({ schema: DatasetPatch, initial: { name, description, isEvaluation } });
  async function submit() {
    // An empty description deletes the description.
    const isSaved = await form.submit((body) =>
      update.mutateAsync({ datasetId: dataset.datasetId, body: { ...body, description: body.description ?? "" } }),
    );
    if (isSaved) toastDone("Saved");
  }
  return (
    <Section title="General">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <fieldset disabled={!canWrite} className="flex flex-col gap-4 px-4 pb-4 text-base">
          <Field label="Name" error={form.errors.name}>
            {(field) => <TextInput {...field} {...form.text("name")} required maxLength={120} />}
          </Field>
          <Field label="Description" isOptional error={form.errors.description}>
            {(field) => <TextArea {...field} {...form.text("description")} rows={2} maxLength={2_000} />}
          </Field>
          <div>
            <Checkbox
              label="Use for evaluation"
              checked={form.values.isEvaluation ?? false}
              onChange={({ target }) => form.set({ isEvaluation: target.checked })}
            />
            <p className="mt-0.5 pl-6 text-xs text-muted text-pretty">
              All other datasets of the project are checked for items of an evaluation dataset.
            </p>
          </div>
          <Failure text={form.failure} />
          {canWrite && (
            <Button type="submit" kind="primary" isBusy={form.isBusy} className="self-start">
              Save
            </Button>
          )}
        </fieldset>
      </form>
    </Section>
  );
}

function End({ dataset }: { dataset: Dataset }) {
  const remove = useDeleteDataset();
  const navigate = useNavigate();
  const [isAsking, setIsAsking] = useState(false);
  const { name, versions, rows } = dataset;
  return (
    <Section
      title="Delete"
      description="Deletes all versions, drafts and branches."
      action={
        <Button kind="danger" onClick={() => setIsAsking(true)}>
          Delete dataset
        </Button>
      }
    >
      <div className="pb-1" />
      {isAsking && (
        <ConfirmDialog
          title={`Delete ${name}?`}
          verb="Delete dataset"
          phrase={name}
          isBusy={remove.isPending}
          close={() => setIsAsking(false)}
          onConfirm={() =>
            remove.mutate(dataset, {
              onSuccess: () => {
                toastDone(`Deleted ${name}`);
                void navigate({ to: "/datasets" });
              },
            })
          }
        >
          {formatNumberOf(versions, "version")} and {formatNumberOf(rows, "item")} will be deleted. You cannot undo
          this. Export the items that you want to keep first.
        </ConfirmDialog>
      )}
    </Section>
  );
}
