import { KNOWLEDGE_SOURCE_KINDS, KnowledgeSourceInput } from "@treadle/contract";
import { useState } from "react";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Choice } from "../../../../components/form/choice.tsx";
import { FormDialog } from "../../../../components/form/form-dialog.tsx";
import { useFormState } from "../../../../components/form/form-state.ts";
import { accessOf, PUBLIC, principalsOf } from "../shared/access.ts";
import { AccessField } from "../shared/access-field.tsx";
import { type Source, useCreateSource, useUpdateSource } from "../shared/use-sources.ts";
import { KindFields } from "./kind-fields.tsx";
import { AdvancedFields, NameField, ScheduleField } from "./shared-fields.tsx";
import { type Kind, patchOf, valuesOf } from "./source-form.ts";
import { KIND_WORDS } from "./source-words.ts";

type DialogProps = {
  knowledgeBaseId: string;
  /** The source that is changed. A new one if undefined. */
  source?: Source | undefined;
  close: () => void;
};

const WORDS = { folder: "Folder", web: "Web site", git: "Git", s3: "S3 bucket" } as const;
const FIRST_KIND = "web";

/** Creates or changes a source. */
export function SourceDialog({ knowledgeBaseId, source, close }: DialogProps) {
  const { form, access, setAccess, error, submit } = useSourceForm({ knowledgeBaseId, source, close });
  const kind = form.values.kind ?? FIRST_KIND;
  return (
    <FormDialog
      title={source ? `Change ${source.name}` : "Add source"}
      description={source ? undefined : "The first sync starts immediately."}
      form={form}
      verb={source ? "Save" : "Add source"}
      onSubmit={submit}
      close={close}
    >
      <KindChoice kind={kind} onChoose={source ? undefined : (next) => form.set({ kind: next })} />
      <NameField form={form} />
      <KindFields key={kind} kind={kind} form={form} hasSecret={source?.hasSecret ?? false} />
      <ScheduleField form={form} />
      <AccessField access={access} onChange={setAccess} error={error} />
      <AdvancedFields form={form} />
    </FormDialog>
  );
}

type KindProps = { kind: Kind; onChoose: ((kind: Kind) => void) | undefined };

/** The kind of an existing source does not change. */
const KindChoice = ({ kind, onChoose }: KindProps) =>
  onChoose ? (
    <Choice label="Kind" names={KNOWLEDGE_SOURCE_KINDS} words={WORDS} chosen={kind} onChoose={onChoose} />
  ) : (
    <p className="text-sm text-muted">{KIND_WORDS[kind]}</p>
  );

function useSourceForm({ knowledgeBaseId, source, close }: DialogProps) {
  const create = useCreateSource(knowledgeBaseId);
  const update = useUpdateSource({ knowledgeBaseId, sourceId: source?.sourceId ?? "" });
  const form = useFormState({
    schema: KnowledgeSourceInput,
    initial: source ? valuesOf(source) : { kind: FIRST_KIND, everySeconds: 86_400 },
  });
  const [access, setAccess] = useState(() => (source ? accessOf(source.principals) : PUBLIC));
  const [isChecked, setIsChecked] = useState(false);
  const { principals, error } = principalsOf(access);
  const submit = async () => {
    setIsChecked(true);
    if (error !== undefined) return;
    const isSaved = await form.submit((values) => {
      const body = ofKind({ ...values, principals: [...principals] });
      return source ? update.mutateAsync(patchOf(source, body)) : create.mutateAsync(body);
    });
    if (!isSaved) return;
    toastDone(source ? "Changed the source" : "Added the source. Its sync has started.");
    close();
  };
  return { form, access, setAccess, error: isChecked ? error : undefined, submit };
}

const SETTINGS: Readonly<Record<Kind, readonly (keyof KnowledgeSourceInput)[]>> = {
  folder: ["folder"],
  web: ["addresses", "hosts", "maxDepth", "maxPages", "delayMs", "usesSitemap"],
  git: ["repository", "branch", "subfolder", "token"],
  s3: ["endpoint", "region", "bucket", "prefix", "accessKeyId", "secretAccessKey"],
};

/** Without what was typed for another kind before this one was chosen. */
function ofKind(values: KnowledgeSourceInput): KnowledgeSourceInput {
  const others = Object.entries(SETTINGS).flatMap(([kind, names]) => (kind === values.kind ? [] : names));
  return { ...values, ...Object.fromEntries(others.map((name) => [name, undefined])) };
}
