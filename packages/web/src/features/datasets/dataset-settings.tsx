import { useNavigate } from "@tanstack/react-router";
import { type Dataset, DatasetPatch } from "@treadle/contract";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Failure } from "../../components/failure.tsx";
import { Checkbox, Field, TextArea, TextInput } from "../../components/field.tsx";
import { useFormState } from "../../components/form-state.ts";
import { formatNumberOf } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import { Skeleton } from "../../components/states.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";
import { LiveLinks } from "./live-links.tsx";
import { SchemaSection } from "./schema-section.tsx";
import { useDataset, useDeleteDataset, useUpdateDataset } from "./use-datasets.ts";
import { useDatasetPlace } from "./use-draft.ts";

/** What a dataset is called and is for, what its items must be, what arrives by itself, and its end. */
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
    // An emptied description is one to be emptied.
    const isSaved = await form.submit((body) =>
      update.mutateAsync({ datasetId: dataset.datasetId, body: { ...body, description: body.description ?? "" } }),
    );
    if (isSaved) toastDone("Saved");
  }
  return (
    <Section title="About">
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
              label="It is for evaluation"
              checked={form.values.isEvaluation ?? false}
              onChange={({ target }) => form.set({ isEvaluation: target.checked })}
            />
            <p className="mt-0.5 pl-6 text-xs text-muted text-pretty">
              Marking it checks every other dataset of the project for its items.
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
      description="With all its versions, drafts and branches."
      action={
        <Button kind="danger" onClick={() => setIsAsking(true)}>
          Delete the dataset
        </Button>
      }
    >
      <div className="pb-1" />
      {isAsking && (
        <ConfirmDialog
          title={`Delete ${name}?`}
          verb="Delete the dataset"
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
          {formatNumberOf(versions, "version")} and {formatNumberOf(rows, "item")} are deleted for good. Export what you
          want to keep first.
        </ConfirmDialog>
      )}
    </Section>
  );
}
