import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Field, Select } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import type { Base } from "../shared/use-bases.ts";
import { useComparison, useVersionChoices, type Version } from "../shared/use-versions.ts";
import { ComparisonView } from "./comparison-view.tsx";

const route = getRouteApi("/shell/knowledge/$knowledgeBaseId/versions");

/** Compares two versions, which the address names. */
export function CompareSection({ base: { knowledgeBaseId } }: { base: Base }) {
  const { from, to } = route.useSearch();
  const navigate = route.useNavigate();
  const versions = useVersionChoices(knowledgeBaseId).data ?? [];
  const box = useRef<HTMLDivElement>(null);
  // The choice is also made in the table above, far from the result.
  useEffect(() => {
    if (from !== undefined && to !== undefined) box.current?.scrollIntoView({ block: "nearest" });
  }, [from, to]);
  const show = (next: { from?: string | undefined; to?: string | undefined }) =>
    void navigate({ search: (old) => ({ ...old, ...next }), replace: true, resetScroll: false });
  return (
    <div ref={box}>
      <Section title="Compare versions">
        <div className="flex flex-col gap-4 px-4 pb-4">
          <div className="flex flex-wrap gap-4">
            <VersionSelect label="From" value={from} versions={versions} onChange={(next) => show({ from: next })} />
            <VersionSelect label="To" value={to} versions={versions} onChange={(next) => show({ to: next })} />
          </div>
          <Result knowledgeBaseId={knowledgeBaseId} from={from} to={to} />
        </div>
      </Section>
    </div>
  );
}

type SelectProps = {
  label: string;
  value: string | undefined;
  versions: readonly Version[];
  onChange: (value: string | undefined) => void;
};

const VersionSelect = ({ label, value, versions, onChange }: SelectProps) => (
  <Field label={label} className="w-44">
    {(field) => (
      <Select {...field} value={value ?? ""} onChange={({ target }) => onChange(target.value || undefined)}>
        <option value="">Choose a version</option>
        {versions.map(({ version, isLive }) => (
          <option key={version} value={version}>
            Version {version}
            {isLive && " (live)"}
          </option>
        ))}
      </Select>
    )}
  </Field>
);

type ResultProps = { knowledgeBaseId: string; from: string | undefined; to: string | undefined };

function Result({ knowledgeBaseId, from, to }: ResultProps) {
  const isPair = from !== undefined && to !== undefined && from !== to;
  const comparison = useComparison(knowledgeBaseId, isPair ? { from: Number(from), to: Number(to) } : undefined);
  if (!isPair) return <p className="text-muted">Choose two different versions.</p>;
  if (comparison.error)
    return (
      <ErrorState
        error={comparison.error}
        retry={() => comparison.refetch()}
        title="The versions could not be compared"
      />
    );
  if (!comparison.data) return <Skeleton className="h-16 rounded-card" />;
  return <ComparisonView comparison={comparison.data} />;
}
