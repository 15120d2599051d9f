import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { whenDone } from "../../../../components/feedback/when-done.ts";
import { Button } from "../../../../components/form/button.tsx";
import { Field, TextArea, TextInput } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { GoesLiveField } from "../shared/goes-live-field.tsx";
import { IndexingFields } from "../shared/indexing-fields.tsx";
import { type Base, useBase, useDeleteBase } from "../shared/use-bases.ts";
import { PartForm, usePatchForm } from "./part-form.tsx";
import { ReadingFields } from "./reading-fields.tsx";
import { SearchingFields } from "./searching-fields.tsx";

const route = getRouteApi("/shell/knowledge/$knowledgeBaseId/settings");

/** The settings of a base, and its deletion. */
export function BaseSettings() {
  const { knowledgeBaseId } = route.useParams();
  const canWrite = useProject().can("knowledge:write");
  const base = useBase(knowledgeBaseId).data;
  if (!base) return <Skeleton className="m-6 h-60 rounded-card" />;
  // Each form starts again from the saved values after a change of its own values only.
  const keyOf = (values: unknown) => JSON.stringify(values);
  return (
    <div className="flex max-w-200 flex-col gap-4 px-6 pt-4 pb-8 max-md:px-4">
      <General key={keyOf([base.name, base.description, base.goesLive])} base={base} canWrite={canWrite} />
      <Reading key={keyOf(base.reading)} base={base} canWrite={canWrite} />
      <Indexing key={keyOf(base.indexing)} base={base} canWrite={canWrite} />
      <Searching key={keyOf(base.searching)} base={base} canWrite={canWrite} />
      {canWrite && <Deletion base={base} />}
    </div>
  );
}

type PartProps = { base: Base; canWrite: boolean };

function General({ base, canWrite }: PartProps) {
  const { name, description, goesLive } = base;
  const part = usePatchForm({ base, initial: { name, description, goesLive }, done: "Saved" });
  const { form } = part;
  return (
    <PartForm title="General" part={part} canWrite={canWrite} error={undefined} kind="primary">
      <Field label="Name" error={form.errors.name}>
        {(field) => <TextInput {...field} {...form.text("name")} required maxLength={120} />}
      </Field>
      <Field label="Description" isOptional error={form.errors.description}>
        {(field) => (
          <TextArea
            {...field}
            rows={2}
            maxLength={2_000}
            value={form.values.description ?? ""}
            // An empty description deletes the description.
            onChange={({ target }) => form.set({ description: target.value })}
          />
        )}
      </Field>
      <GoesLiveField isOn={form.values.goesLive ?? true} onChange={(isOn) => form.set({ goesLive: isOn })} />
    </PartForm>
  );
}

/** Zod's message would name a field of the API. */
const INVALID = "Correct the marked fields.";

function Reading({ base, canWrite }: PartProps) {
  const done = "Saved. Documents that are read from now on use the new settings.";
  const part = usePatchForm({ base, initial: { reading: base.reading }, done });
  const { form } = part;
  return (
    <PartForm
      title="Reading"
      description="How documents are read and checked. For documents that are there, choose Parse again."
      part={part}
      canWrite={canWrite}
      error={form.errors.reading && INVALID}
    >
      <ReadingFields
        value={form.values.reading ?? {}}
        onChange={(reading) => form.set({ reading })}
        languagesError={form.errors.reading && "Enter codes of three letters, such as eng."}
      />
    </PartForm>
  );
}

function Indexing({ base, canWrite }: PartProps) {
  const done = "Saved. The next version uses the new settings.";
  const part = usePatchForm({ base, initial: { indexing: base.indexing }, done });
  const { form } = part;
  return (
    <PartForm
      title="Indexing"
      description="How documents become chunks and vectors. A change takes effect with the next version."
      part={part}
      canWrite={canWrite}
      error={form.errors.indexing && INVALID}
    >
      <IndexingFields value={form.values.indexing ?? {}} onChange={(indexing) => form.set({ indexing })} />
    </PartForm>
  );
}

function Searching({ base, canWrite }: PartProps) {
  const done = "Saved. The next search uses the new settings.";
  const part = usePatchForm({ base, initial: { searching: base.searching }, done });
  const { form } = part;
  return (
    <PartForm
      title="Searching"
      description="How a search ranks chunks. A request can replace each value."
      part={part}
      canWrite={canWrite}
      error={form.errors.searching && INVALID}
    >
      <SearchingFields value={form.values.searching ?? {}} onChange={(searching) => form.set({ searching })} />
    </PartForm>
  );
}

function Deletion({ base }: { base: Base }) {
  const [isAsking, setIsAsking] = useState(false);
  return (
    <Section
      title="Delete"
      description="Deletes the documents, versions and vectors."
      action={
        <Button kind="danger" onClick={() => setIsAsking(true)}>
          Delete knowledge base
        </Button>
      }
    >
      <div className="pb-1" />
      {isAsking && <DeleteDialog base={base} close={() => setIsAsking(false)} />}
    </Section>
  );
}

function DeleteDialog({ base, close }: { base: Base; close: () => void }) {
  const { knowledgeBaseId, name, documents, latestVersion } = base;
  const remove = useDeleteBase();
  const navigate = useNavigate();
  const confirm = () =>
    void whenDone(remove.mutateAsync(knowledgeBaseId), () => {
      toastDone(`Deleted ${name}`);
      void navigate({ to: "/knowledge" });
    });
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      verb="Delete knowledge base"
      phrase={name}
      isBusy={remove.isPending}
      close={close}
      onConfirm={confirm}
    >
      {formatNumberOf(documents, "document")} and {formatNumberOf(latestVersion ?? 0, "version")} will be deleted.
      Applications that search it get an error. You cannot undo this.
    </ConfirmDialog>
  );
}
