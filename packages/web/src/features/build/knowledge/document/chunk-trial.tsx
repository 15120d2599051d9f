import { KnowledgeIndexing } from "@treadle/contract";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { whenDone } from "../../../../components/feedback/when-done.ts";
import { Button, Spinner } from "../../../../components/form/button.tsx";
import { useProject } from "../../../system/session/index.ts";
import { errorsIn } from "../shared/errors-in.ts";
import { type IndexingDraft, OverlapField, SizeField } from "../shared/indexing-fields.tsx";
import { useBase, useUpdateBase } from "../shared/use-bases.ts";
import type { DocumentText } from "../shared/use-documents.ts";
import { chunkWords } from "./chunk-words.ts";

type TrialProps = {
  knowledgeBaseId: string;
  /** The settings on trial. */
  value: IndexingDraft;
  onChange: (value: IndexingDraft) => void;
  close: () => void;
  /** The text as the version has it. */
  text: DocumentText | undefined;
  /** The text with the chunks of the trial. Undefined until the first is there. */
  preview: DocumentText | undefined;
  isLoading: boolean;
  error: Error | null;
};

/** Tries other sizes of chunks on a document before it is indexed. */
export function ChunkTrial({ value, onChange, close, text, preview, isLoading, error, ...place }: TrialProps) {
  const errors = errorsIn(KnowledgeIndexing, value);
  return (
    <section aria-label="Chunk preview" className="card flex flex-col gap-3 px-4 py-3">
      <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
        <SizeField
          value={value}
          onChange={onChange}
          error={errors.chunkTokens && "Enter a whole number from 32 to 2,000."}
        />
        <OverlapField value={value} onChange={onChange} error={errors.overlap && "Enter a number from 0 to 50."} />
      </div>
      <Failure text={error?.message} />
      <p role="status" className="num flex items-center gap-2">
        {isLoading && <Spinner />}
        {preview && `Preview: ${chunkWords(preview.chunks)}.`}
        {text?.version != null && ` Version ${text.version}: ${chunkWords(text.chunks)}.`}
      </p>
      <Actions {...place} value={value} isUsable={Object.keys(errors).length === 0} close={close} />
    </section>
  );
}

type ActionsProps = Pick<TrialProps, "knowledgeBaseId" | "value" | "close"> & { isUsable: boolean };

function Actions({ knowledgeBaseId, value, isUsable, close }: ActionsProps) {
  const canWrite = useProject().can("knowledge:write");
  const base = useBase(knowledgeBaseId).data;
  const update = useUpdateBase(knowledgeBaseId);
  const use = (indexing: KnowledgeIndexing) =>
    void whenDone(update.mutateAsync({ indexing: { ...indexing, ...value } }), () => {
      toastDone("Saved. The next version uses the new settings.");
      close();
    });
  return (
    <div className="flex flex-wrap gap-2">
      {canWrite && base && (
        <Button isBusy={update.isPending} disabled={!isUsable} onClick={() => use(base.indexing)}>
          Use in next version
        </Button>
      )}
      <Button onClick={close}>Close preview</Button>
    </div>
  );
}
