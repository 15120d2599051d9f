import { useState } from "react";
import { explain } from "../../../../api.ts";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { FormDialog } from "../../../../components/form/form-dialog.tsx";
import { accessOf, principalsOf } from "../shared/access.ts";
import { AccessField } from "../shared/access-field.tsx";
import { type KnowledgeDocument, useUpdateDocument } from "../shared/use-documents.ts";

type DialogProps = { knowledgeBaseId: string; document: KnowledgeDocument; close: () => void };

/** Changes who finds a document. */
export function AccessDialog({ knowledgeBaseId, document, close }: DialogProps) {
  const { documentId, title, principals: old } = document;
  const update = useUpdateDocument({ knowledgeBaseId, documentId });
  const [access, setAccess] = useState(() => accessOf(old));
  const [isChecked, setIsChecked] = useState(false);
  const { principals, error } = principalsOf(access);
  function onSuccess() {
    toastDone(`Changed who finds ${title}`);
    close();
  }
  function submit() {
    setIsChecked(true);
    if (error === undefined) update.mutate({ principals: [...principals] }, { onSuccess });
  }
  return (
    <FormDialog
      title="Permissions"
      description={`The change of ${title} takes effect immediately, in all versions.`}
      form={{ failure: update.error ? explain(update.error) : undefined, isBusy: update.isPending }}
      verb="Save"
      onSubmit={submit}
      close={close}
    >
      <AccessField access={access} onChange={setAccess} error={isChecked ? error : undefined} />
    </FormDialog>
  );
}
