import { useMutation, useQueryClient } from "@tanstack/react-query";
import { parseFilter, type SelectionReason } from "@treadle/contract";
import { useState } from "react";
import { type Answer, explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Failure } from "../../components/failure.tsx";
import { Field, NumberInput, TextInput } from "../../components/field.tsx";
import { formatCount, formatNumberOf, formatPercent } from "../../components/format.ts";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";
import type { Queue } from "./use-queues.ts";

type Selection = Answer<"POST /api/v1/annotation-selection">;
type Selected = Selection["spans"][number];
type Draft = { filter: string; judges: string; size: number; randomPercent: number; secondsEach: number };

const REASON_WORDS: Readonly<Record<SelectionReason, string>> = {
  random: "by chance",
  uncertain: "a judge is unsure",
  disagreement: "judges differ",
  important: "worth much",
  unlike: "unlike the others",
};
const COLUMNS: readonly PlainColumn<Selected>[] = [
  {
    id: "span",
    header: "Span",
    className: "w-full min-w-40",
    cell: ({ preview, name }) => <span className="line-clamp-1 [overflow-wrap:anywhere]">{preview || name}</span>,
  },
  { id: "why", header: "Why", cell: ({ reason }) => <span className="whitespace-nowrap">{REASON_WORDS[reason]}</span> },
  { id: "worth", header: "Worth", isNumber: true, isWide: true, cell: ({ worth }) => worth.toFixed(2) },
];
const SHOWN = 12;
const START: Draft = { filter: "kind:generation", judges: "", size: 50, randomPercent: 30, secondsEach: 30 };

const bodyOf = ({ filter, judges, size, randomPercent, secondsEach }: Draft) => ({
  ...{ filter, size, secondsEach, randomShare: randomPercent / 100 },
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

/** Chooses the spans that are worth a person's minute, and says what the minutes bring before anything is added. */
export function SelectItems({ queue, close }: { queue: Queue; close: () => void }) {
  const look = useSelection();
  const add = useSelection();
  const [draft, setDraft] = useState<Draft>(START);
  const [problem] = parseFilter(draft.filter).problems;
  // What was looked at belongs to what was written then.
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
            `Added ${formatNumberOf(added?.added ?? 0, "item")}; ${formatCount(added?.present ?? 0)} were here already`,
          );
          close();
        },
      },
    );
  const error = look.error ?? add.error;
  return (
    <Dialog title="What is worth a minute" description={`For ${queue.name}`} close={close} width="wide">
      <form
        aria-label="Choice of spans"
        onSubmit={(event) => {
          event.preventDefault();
          if (!problem) look.mutate({ draft });
        }}
        className="flex flex-col gap-4"
      >
        <Field label="Among" isOptional help="A filter of the Traces page" error={problem?.message}>
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
          help="Names of scores, with commas; where they are unsure or differ comes first"
        >
          {(field) => (
            <TextInput {...field} value={draft.judges} onChange={({ target }) => change({ judges: target.value })} />
          )}
        </Field>
        <div className="grid grid-cols-3 gap-4 max-sm:grid-cols-1">
          <Field label="How many">
            {(field) => <NumberInput {...field} {...number("size")} min={1} max={1_000} step={1} />}
          </Field>
          <Field label="Drawn by chance, %" help="At least 20, or no rate can be told">
            {(field) => <NumberInput {...field} {...number("randomPercent")} min={20} max={100} />}
          </Field>
          <Field label="Seconds for one">
            {(field) => <NumberInput {...field} {...number("secondsEach")} min={1} max={3_600} />}
          </Field>
        </div>
        <Failure text={error ? explain(error) : undefined} />
        {look.data && <Found selection={look.data} />}
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" isBusy={look.isPending} disabled={problem !== undefined}>
            Look
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
        {formatNumberOf(matching, "span")} match, {formatCount(considered)} of them were considered.{" "}
        <strong>About {formatNumberOf(Math.max(1, Math.round(gain.minutes)), "minute")}</strong> of one person bring the
        95% interval of a rate over all of them from {formatPercent(gain.widthNow)} to {formatPercent(gain.widthAfter)}{" "}
        wide.
      </p>
      <div className="card overflow-hidden">
        <PlainTable
          label="Chosen spans"
          columns={COLUMNS}
          rows={spans.slice(0, SHOWN)}
          idOf={({ traceId, spanId }) => traceId + spanId}
        />
      </div>
      {spans.length > SHOWN && <p className="num text-xs text-muted">and {formatCount(spans.length - SHOWN)} more</p>}
    </div>
  );
}
