import { getRouteApi } from "@tanstack/react-router";
import { ArrowLeftRight, GitCompareArrows } from "lucide-react";
import { EmptyState, Skeleton } from "../../../../components/feedback/states.tsx";
import { IconButton } from "../../../../components/form/button.tsx";
import { Field, Select } from "../../../../components/form/field.tsx";
import { draftRef, refWords } from "../shared/dataset-search.ts";
import { useDatasetPlace, useDraft } from "../shared/use-draft.ts";
import { Difference } from "./difference.tsx";
import { useBranches, useVersions } from "./use-versions.ts";

const route = getRouteApi("/shell/datasets/$datasetId/diff");

/** Compares two versions or drafts, item by item and value by value. */
export function DiffPage() {
  const place = useDatasetPlace();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const draft = useDraft(place);
  const list = useVersions(place.datasetId);
  const branches = useBranches(place.datasetId);
  const change = (next: typeof search) =>
    void navigate({ search: (old) => ({ ...old, ...next }), replace: true, resetScroll: false });
  if (!draft.data || !list.data) return <Skeleton className="m-6 h-60 rounded-card" />;
  const versions = list.data.pages.flatMap((page) => page.items);
  const own = versions.filter(({ branch }) => branch === place.branch);
  // By default: the draft and its base, or the last version and its predecessor.
  const isOfDraft = draft.data.isDirty && draft.data.base !== null;
  const to = search.to ?? (isOfDraft ? draftRef(place.branch) : String(own[0]?.version ?? versions[0]?.version ?? ""));
  const from =
    search.from ??
    String((isOfDraft ? draft.data.base : own.find(({ version }) => String(version) !== to)?.version) ?? to);
  if (versions.length === 0)
    return (
      <EmptyState title="Nothing to compare yet" icon={<GitCompareArrows size={22} />}>
        Commit the draft as a version first. Later changes to the draft appear here before you commit them.
      </EmptyState>
    );
  const refs = [
    ...(branches.data?.items ?? []).map(({ name }) => ({ ref: draftRef(name), words: refWords(draftRef(name)) })),
    ...versions.map(({ version: number, message }) => ({
      ref: String(number),
      words: `Version ${number}: ${message.split("\n")[0]?.slice(0, 50)}`,
    })),
  ];
  return (
    <div className="flex flex-col gap-3 px-6 pt-4 pb-8 max-md:px-4">
      <div className="flex flex-wrap items-end gap-2">
        <RefSelect label="From" refs={refs} value={from} onChange={(ref) => change({ from: ref, to })} />
        <IconButton label="Swap versions" onClick={() => change({ from: to, to: from })}>
          <ArrowLeftRight size={14} />
        </IconButton>
        <RefSelect label="To" refs={refs} value={to} onChange={(ref) => change({ from, to: ref })} />
      </div>
      <Difference
        datasetId={place.datasetId}
        from={from}
        to={to}
        kind={search.kind}
        onKind={(kind) => change({ kind })}
      />
    </div>
  );
}

type SelectProps = {
  label: string;
  refs: readonly { ref: string; words: string }[];
  value: string;
  onChange: (ref: string) => void;
};

function RefSelect({ label, refs, value, onChange }: SelectProps) {
  const isKnown = refs.some(({ ref }) => ref === value);
  return (
    <Field label={label} className="grow basis-52 md:max-w-90">
      {(field) => (
        <Select {...field} value={value} onChange={({ target }) => onChange(target.value)}>
          {!isKnown && <option value={value}>{refWords(value)}</option>}
          {refs.map(({ ref, words }) => (
            <option key={ref} value={ref}>
              {words}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
