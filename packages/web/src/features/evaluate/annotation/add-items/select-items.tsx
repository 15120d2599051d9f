import { useMutation, useQueryClient } from "@tanstack/react-query";
import { parseFilter, type SelectionReason } from "@treadle/contract";
import { useState } from "react";
import { type Answer, explain } from "../../../../api.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field, NumberInput, TextInput } from "../../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../../components/overlay/dialog.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount, formatNumberOf, formatPercent } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import type { Queue } from "../shared/use-queues.ts";

type Selection = Answer<"POST /api/v1/annotation-selection">;
type Selected = Selection["spans"][number];
type Draft = { filter: string; judges: string; size: number; randomPercent: number; secondsEach: number };

const REASON_WORDS: Readonly<Record<SelectionReason, string>> = {
  random: "random sample",
  uncertain: "uncertain judge",
  disagreement: "judge disagreement",
  important: "high priority",
  unlike: "unusual",
};
const COLUMNS: readonly PlainColumn<Selected>[] = [
  {
    id: "span",
    header: "Span",
    className: "w-full min-w-40",
    cell: ({ preview, name }) => <span className="line-clamp-1 [overflow-wrap:anywhere]">{preview || name}</span>,
  },
  {
    id: "why",
    header: "Reason",
    cell: ({ reason }) => <span className="whitespace-nowrap">{REASON_WORDS[reason]}</span>,
  },
  { id: "worth", header: "Value", isNumber: true, isWide: true, cell: ({ worth }) => worth.toFixed(2) },
];
const SHOWN = 12;
const START: Draft = { filter: "kind:generation", judges: "", size: 50, randomPercent: 30, secondsEach: 30 };

const bodyOf = ({ filter, judges, size, randomPercent, secondsEach }: Draft) => ({
  filter,
  size,
  secondsEach,
  randomShare: randomPercent / 100,
  judges: judges
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean),
});

function useSelection() {
  const { client } = useProject();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ draft, queueId }: { draft: Draft; queueId?: string }) =>
      client.call("POST /api/v1/annotation-selection", { body: { ...bodyOf(draft), ...(queueId && { queueId }) } }),
    onSuccess: ({ added }) => added && void cache.invalidateQueries({ queryKey: ["annotation"] }),
  });
}

/** Selects the most informative spans, with a preview of the precision they give. */
export function SelectItems({ queue, close }: { queue: Queue; close: () => void }) {
  const look = useSelection();
  const add = useSelection();
  const [draft, setDraft] = useState<Draft>(START);
  const [problem] = parseFilter(draft.filter).problems;
  // The preview belongs to the settings at the time of the request.
  const change = (next: Partial<Draft>) => {
    look.reset();
    setDraft({ ...draft, ...next });
  };
  const number = (name: "size" | "randomPercent" | "secondsEach") => ({
    value: Number.isNaN(draft[name]) ? "" : draft[name],
    onChange: ({ target }: { target: HTMLInputElement }) => change({ [name]: target.valueAsNumber }),
  });
  const take = () =>
    add.mutate(
      { draft, queueId: queue.queueId },
      {
        onSuccess({ added }) {
          toastDone(
            `Added ${formatNumberOf(added?.added ?? 0, "item")}. ${formatCount(added?.present ?? 0)} were already in the queue`,
          );
          close();
        },
      },
    );
  const error = look.error ?? add.error;
  return (
    <Dialog title="Select spans" description={`For queue ${queue.name}`} close={close} width="wide">
      <form
        aria-label="Span selection"
        onSubmit={(event) => {
          event.preventDefault();
          if (!problem) look.mutate({ draft });
        }}
        className="flex flex-col gap-4"
      >
        <Field label="Filter" isOptional help="Uses the filter language of the Traces page" error={problem?.message}>
          {(field) => (
            <TextInput
              {...field}
              value={draft.filter}
              maxLength={2_000}
              className="font-mono text-sm"
              onChange={({ target }) => change({ filter: target.value })}
            />
          )}
        </Field>
        <Field
          label="Judges"
          isOptional
          help="Score names, separated by commas. Spans with uncertain or different scores come first"
        >
          {(field) => (
            <TextInput {...field} value={draft.judges} onChange={({ target }) => change({ judges: target.value })} />
          )}
        </Field>
        <div className="grid grid-cols-3 gap-4 max-sm:grid-cols-1">
          <Field label="Spans">
            {(field) => <NumberInput {...field} {...number("size")} min={1} max={1_000} step={1} />}
          </Field>
          <Field label="Random share (%)" help="At least 20, because rates need a random sample">
            {(field) => <NumberInput {...field} {...number("randomPercent")} min={20} max={100} />}
          </Field>
          <Field label="Time per item (seconds)">
            {(field) => <NumberInput {...field} {...number("secondsEach")} min={1} max={3_600} />}
          </Field>
        </div>
        <Failure text={error ? explain(error) : undefined} />
        {look.data && <Found selection={look.data} />}
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" isBusy={look.isPending} disabled={problem !== undefined}>
            Preview
          </Button>
          <Button
            kind="primary"
            isBusy={add.isPending}
            disabled={!look.data || look.data.spans.length === 0}
            onClick={take}
          >
            {look.data ? `Add ${formatNumberOf(look.data.spans.length, "item")}` : "Add"}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function Found({ selection: { matching, considered, spans, gain } }: { selection: Selection }) {
  return (
    <div className="flex flex-col gap-2" aria-live="polite">
      <p className="num">
        {formatNumberOf(matching, "span")} match, {formatCount(considered)} were considered.{" "}
        <strong>About {formatNumberOf(Math.max(1, Math.round(gain.minutes)), "minute")}</strong> of annotation narrow
        the 95% interval of a rate from {formatPercent(gain.widthNow)} to {formatPercent(gain.widthAfter)}.
      </p>
      <div className="card overflow-hidden">
        <PlainTable
          label="Selected spans"
          columns={COLUMNS}
          rows={spans.slice(0, SHOWN)}
          idOf={({ traceId, spanId }) => traceId + spanId}
        />
      </div>
      {spans.length > SHOWN && <p className="num text-xs text-muted">and {formatCount(spans.length - SHOWN)} more</p>}
    </div>
  );
}
