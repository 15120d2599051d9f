import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { LiveLink } from "@treadle/contract";
import { Radio, Trash2 } from "lucide-react";
import { useState } from "react";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { formatCount, formatPercent } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { ToDatasetDialog } from "../../to-dataset/index.ts";

/** Filters whose new spans are added to the draft automatically. */
export function LiveLinks({ datasetId, canWrite }: { datasetId: string; canWrite: boolean }) {
  const { id, client } = useProject();
  const [isAdding, setIsAdding] = useState(false);
  const links = useQuery({
    queryKey: ["datasets", id, datasetId, "live-links"],
    queryFn: ({ signal }) =>
      client.call("GET /api/v1/datasets/:datasetId/live-links", { params: { datasetId }, signal }),
    refetchInterval: 10_000,
  });
  const items = links.data?.items ?? [];
  return (
    <Section
      title="Live links"
      description="New spans that match a filter are added to the draft automatically. You review and commit them."
      action={canWrite && <Button onClick={() => setIsAdding(true)}>New live link</Button>}
    >
      {items.length === 0 ? (
        <p className="px-4 pb-4 text-muted">No live links yet.</p>
      ) : (
        <ul className="divide-y divide-line border-line border-t">
          {items.map((link) => (
            <LinkRow key={link.liveLinkId} datasetId={datasetId} link={link} canWrite={canWrite} />
          ))}
        </ul>
      )}
      {isAdding && (
        <ToDatasetDialog
          into={{ datasetId, branch: "main" }}
          select={{ filter: "" }}
          isLive
          close={() => {
            setIsAdding(false);
            void links.refetch();
          }}
        />
      )}
    </Section>
  );
}

function LinkRow({ datasetId, link, canWrite }: { datasetId: string; link: LiveLink; canWrite: boolean }) {
  const { client } = useProject();
  const cache = useQueryClient();
  const params = { datasetId, liveLinkId: link.liveLinkId };
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["datasets"] });
  const toggle = useMutation({
    mutationFn: () =>
      client.call("PATCH /api/v1/datasets/:datasetId/live-links/:liveLinkId", {
        params,
        body: { isEnabled: !link.isEnabled },
      }),
    meta: { failure: "The live link was not changed" },
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: () => client.call("DELETE /api/v1/datasets/:datasetId/live-links/:liveLinkId", { params }),
    meta: { failure: "The live link was not deleted" },
    onSuccess: () => {
      toastDone("Live link deleted. Its items stay in the draft");
      onSuccess();
    },
  });
  return (
    <li className="flex items-start gap-3 px-4 py-3">
      <Radio aria-hidden size={14} className={`mt-1 shrink-0 ${link.isEnabled ? "text-good" : "text-muted"}`} />
      <div className="min-w-0 grow">
        <p className="[overflow-wrap:anywhere]">
          <Link to="/traces" search={{ view: "spans", filter: link.filter }} className="hover:underline">
            <code className="text-xs">{link.filter || "every span"}</code>
          </Link>
          <span className={`ml-2 text-xs ${link.isEnabled ? "text-good" : "text-muted"}`}>
            {link.isEnabled ? "● live" : "● paused"}
          </span>
        </p>
        <p className="num text-muted">
          {formatCount(link.itemsAdded)} {link.itemsAdded === 1 ? "item" : "items"} added
          {link.share < 1 && `, from ${formatPercent(link.share)} of the traces`}
          {link.branch !== "main" && `, into ${link.branch}`}
        </p>
        {link.lastError && <p className="text-bad [overflow-wrap:anywhere]">{link.lastError}</p>}
      </div>
      {canWrite && (
        <div className="flex shrink-0 items-center gap-1">
          <Button size="small" isBusy={toggle.isPending} onClick={() => toggle.mutate()}>
            {link.isEnabled ? "Pause" : "Resume"}
          </Button>
          <IconButton size="small" label="Delete live link" disabled={remove.isPending} onClick={() => remove.mutate()}>
            <Trash2 size={14} />
          </IconButton>
        </div>
      )}
    </li>
  );
}
