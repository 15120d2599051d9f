import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { explain } from "../../../api.ts";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
import { formatNumberOf } from "../../../components/text/format.ts";
import { ChooseDataset, type Into } from "./choose-dataset.tsx";
import { MappingForm } from "./mapping-form.tsx";
import { PreviewList } from "./preview-list.tsx";
import { SamplingForm } from "./sampling-form.tsx";
import { FilterField, ShareField } from "./select-form.tsx";
import { type Mapping, mappingOf, type Sampling, type Select, START } from "./span-mapping.ts";
import { useAddSpans, usePreviewSpans } from "./use-to-dataset.ts";

type DialogProps = {
  /** The target dataset; the dialog asks for it if it is missing. */
  into?: Into;
  /** The spans: an editable filter, or single spans. */
  select: Select;
  /** Whether to add new spans continuously instead of existing ones. */
  isLive?: boolean;
  close: () => void;
};

/** Turns spans into items: the filter, the mapping and the sample size, with a preview. */
export function ToDatasetDialog({ into: given, select: asked, isLive = false, close }: DialogProps) {
  const navigate = useNavigate();
  const [into, setInto] = useState<Into | undefined>(given);
  const [select, setSelect] = useState<Select>(asked);
  const [mapping, setMapping] = useState<Mapping>(START);
  const [sampling, setSampling] = useState<Sampling>({ kind: "newest", size: 1_000 });
  const [share, setShare] = useState(1);
  const body = { select, mapping: mappingOf(mapping), sampling };
  const preview = usePreviewSpans(into?.datasetId, body);
  const { add, link } = useAddSpans(into);
  const isOfFilter = !("spans" in select);
  const matching = preview.data?.matching ?? 0;
  const taken = isOfFilter ? Math.min(matching, sampling.size) : matching;
  const error = add.error ?? link.error;
  function open(words: string) {
    close();
    if (!into) return;
    const { datasetId, branch } = into;
    toastDone(words, {
      label: "Show",
      run: () =>
        void navigate({
          to: "/datasets/$datasetId",
          params: { datasetId },
          search: { branch: branch === "main" ? undefined : branch },
        }),
    });
  }
  function submit() {
    if (isLive && isOfFilter)
      return link.mutate(
        { filter: select.filter ?? "", mapping: body.mapping, share },
        { onSuccess: () => open("Live link created. New spans are added to the draft") },
      );
    add.mutate(body, {
      onSuccess: ({ counts, jobId }) =>
        open(
          jobId
            ? "The spans are being added in the background"
            : `Added ${formatNumberOf(counts.added, "item")} to the draft`,
        ),
    });
  }
  return (
    <Dialog
      title={
        isLive
          ? "New live link"
          : isOfFilter
            ? "Items from traces"
            : `Items from ${formatNumberOf(select.spans.length, "span")}`
      }
      description={isLive ? undefined : "The items are added to the draft, where you review them before you commit."}
      close={close}
      width="wide"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (into) submit();
        }}
        className="flex flex-col gap-4 text-base"
      >
        {!given && <ChooseDataset into={into} onChoose={setInto} />}
        {isOfFilter && (
          <FilterField filter={select.filter ?? ""} onChange={(filter) => setSelect({ ...select, filter })} />
        )}
        <MappingForm mapping={mapping} onChange={setMapping} />
        {isLive && <ShareField share={share} onChange={setShare} />}
        {isOfFilter && !isLive && (
          <SamplingForm sampling={sampling} matching={preview.data?.matching} onChange={setSampling} />
        )}
        <PreviewList preview={preview} isChosen={into !== undefined} />
        {error && (
          <p role="alert" className="rounded-control bg-bad-soft px-3 py-2 text-bad [overflow-wrap:anywhere]">
            {explain(error)}
          </p>
        )}
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button
            type="submit"
            kind="primary"
            isBusy={add.isPending || link.isPending}
            disabled={!into || (!isLive && taken === 0) || preview.error !== null}
          >
            {isLive
              ? "Create live link"
              : `Add ${preview.data?.skipped ? "up to " : ""}${formatNumberOf(taken, "item")}`}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
