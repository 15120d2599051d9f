import { getRouteApi, Link } from "@tanstack/react-router";
import { ArrowLeft, Download, RotateCw, Scissors, ShieldCheck } from "lucide-react";
import { ApiError } from "../../../../api.ts";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { whenDone } from "../../../../components/feedback/when-done.ts";
import { Button, Spinner } from "../../../../components/form/button.tsx";
import { PageHeader } from "../../../../components/layout/page.tsx";
import { useProject } from "../../../system/session/index.ts";
import { DocumentMenu } from "../documents/document-menu.tsx";
import { DocumentStateMark } from "../shared/document-state.tsx";
import { fileNameOf } from "../shared/file-name.ts";
import { useBase } from "../shared/use-bases.ts";
import {
  type DocumentText,
  type KnowledgeDocument,
  useDocument,
  useDocumentText,
  useDownloadDocument,
  useReleaseDocument,
  useRetryDocument,
} from "../shared/use-documents.ts";
import { ChunkTrial } from "./chunk-trial.tsx";
import { DocumentBody } from "./document-body.tsx";
import { DocumentFacts } from "./document-facts.tsx";
import { useChunkTrial } from "./use-chunk-trial.ts";

const route = getRouteApi("/shell/knowledge/$knowledgeBaseId/documents/$documentId");

/** One document: its facts, its text with the chunks of a version, and the pages of a PDF. */
export function DocumentPage() {
  const place = route.useParams();
  const document = useDocument(place);
  const { data, error } = document;
  if (error && !data) return <LoadFailure error={error} retry={() => document.refetch()} />;
  return (
    <>
      <PageHeader
        title={data?.title ?? "Document"}
        back={<BaseLink />}
        beside={
          data && (
            <span className="ml-2">
              <DocumentStateMark state={data.state} />
            </span>
          )
        }
        description={data ? data.uri !== data.title && data.uri : <Skeleton className="h-4 w-60" />}
        action={data && <Actions document={data} />}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {data ? <Parts key={data.documentId} document={data} /> : <Skeleton className="h-60 rounded-card" />}
      </div>
    </>
  );
}

function BaseLink() {
  const { knowledgeBaseId } = route.useParams();
  const name = useBase(knowledgeBaseId).data?.name ?? "Knowledge base";
  return (
    <Link
      to="/knowledge/$knowledgeBaseId"
      params={{ knowledgeBaseId }}
      className="inline-flex max-w-full items-center gap-1 text-xs text-muted hover:text-text"
    >
      <ArrowLeft aria-hidden size={12} className="shrink-0" /> <span className="truncate">{name}</span>
    </Link>
  );
}

const LoadFailure = ({ error, retry }: { error: Error; retry: () => void }) => (
  <>
    <PageHeader title="Document" back={<BaseLink />} />
    {error instanceof ApiError && error.status === 404 ? (
      <EmptyState title="Document not found">It may have been deleted, or it belongs to another base.</EmptyState>
    ) : (
      <ErrorState error={error} retry={retry} />
    )}
  </>
);

function Actions({ document }: { document: KnowledgeDocument }) {
  const { knowledgeBaseId } = route.useParams();
  const navigate = route.useNavigate();
  const canWrite = useProject().can("knowledge:write");
  const download = useDownloadDocument(knowledgeBaseId);
  const { documentId, uri } = document;
  return (
    <>
      {/* On a phone the menu has it. */}
      <Button
        className="max-md:hidden"
        isBusy={download.isPending}
        onClick={() => download.mutate({ documentId, name: fileNameOf(uri) })}
      >
        <Download aria-hidden size={14} className="text-muted" /> Download
      </Button>
      <DocumentMenu
        knowledgeBaseId={knowledgeBaseId}
        document={document}
        canWrite={canWrite}
        onDeleted={() => void navigate({ to: "/knowledge/$knowledgeBaseId", params: { knowledgeBaseId } })}
      />
    </>
  );
}

function Parts({ document }: { document: KnowledgeDocument }) {
  const { knowledgeBaseId } = route.useParams();
  const { chunk, version } = route.useSearch();
  const navigate = route.useNavigate();
  const text = useDocumentText(knowledgeBaseId, { document, version });
  const trial = useChunkTrial(knowledgeBaseId, document);
  const select = (chunkId: string | undefined) =>
    void navigate({ search: (old) => ({ ...old, chunk: chunkId }), replace: true, resetScroll: false });
  return (
    <>
      {document.error !== null && <Trouble document={document} />}
      {document.state === "waiting" && <Waiting />}
      <DocumentFacts document={document} text={text.data} />
      {document.characters !== null && <Trial trial={trial} text={text.data} onClose={() => select(undefined)} />}
      {text.error && !text.data ? (
        <ErrorState error={text.error} retry={() => text.refetch()} title="The text could not be loaded" />
      ) : (
        <DocumentBody
          knowledgeBaseId={knowledgeBaseId}
          document={document}
          text={trial.preview ?? text.data}
          selected={chunk}
          onSelect={select}
        />
      )}
    </>
  );
}

type TrialProps = {
  trial: ReturnType<typeof useChunkTrial>;
  text: DocumentText | undefined;
  onClose: () => void;
};

/** The settings of chunks on trial, or the button that begins with those of the base. */
function Trial({ trial: { value, start, change, ...trial }, text, onClose }: TrialProps) {
  const { knowledgeBaseId } = route.useParams();
  const base = useBase(knowledgeBaseId).data;
  const close = () => {
    trial.close();
    // The version may not hold the selected chunk of the preview.
    onClose();
  };
  const props = { ...trial, close, knowledgeBaseId, text };
  if (value) return <ChunkTrial {...props} value={value} onChange={change} />;
  return (
    <Button size="small" className="self-start" disabled={!base} onClick={() => base && start(base.indexing)}>
      <Scissors aria-hidden size={13} /> Preview other chunks
    </Button>
  );
}

const Waiting = () => (
  <p role="status" className="flex items-center gap-2 text-muted">
    <Spinner /> The document is parsed next. This page updates by itself.
  </p>
);

/** Why the document failed or is in quarantine, and what can be done. */
function Trouble({ document: { documentId, title, state, error } }: { document: KnowledgeDocument }) {
  const { knowledgeBaseId } = route.useParams();
  const canWrite = useProject().can("knowledge:write");
  const retry = useRetryDocument(knowledgeBaseId);
  const release = useReleaseDocument(knowledgeBaseId);
  const again = () => void whenDone(retry.mutateAsync(documentId), () => toastDone(`${title} is parsed again`));
  const free = () => void whenDone(release.mutateAsync(documentId), () => toastDone(`Released ${title}`));
  const isHeld = state === "quarantined";
  return (
    <div
      role="alert"
      className={`flex flex-wrap items-center gap-3 rounded-control px-3 py-2 ${isHeld ? "bg-warn-soft" : "bg-bad-soft"}`}
    >
      <p className={`min-w-0 grow basis-60 [overflow-wrap:anywhere] ${isHeld ? "" : "text-bad"}`}>{error}</p>
      {canWrite && isHeld && (
        <Button size="small" isBusy={release.isPending} onClick={free}>
          <ShieldCheck aria-hidden size={13} /> Release
        </Button>
      )}
      {canWrite && !isHeld && (
        <Button size="small" isBusy={retry.isPending} onClick={again}>
          <RotateCw aria-hidden size={13} /> Retry
        </Button>
      )}
    </div>
  );
}
