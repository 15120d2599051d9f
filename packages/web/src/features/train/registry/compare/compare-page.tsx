import { getRouteApi, Link } from "@tanstack/react-router";
import { ArrowLeftRight, GitCompare } from "lucide-react";
import { useState } from "react";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Checkbox, Select } from "../../../../components/form/field.tsx";
import { BackLink, PageHeader } from "../../../../components/layout/page.tsx";
import { refIn, refText } from "../shared/registry-search.ts";
import {
  type Comparison,
  type Place,
  useComparison,
  useModels,
  useRunConfig,
  useVersions,
} from "../shared/use-registry.ts";
import { CompareTable } from "./compare-table.tsx";
import { dataRows, factRows, fileRows, scoreRows, settingRows, wordRows } from "./compare-words.ts";

const route = getRouteApi("/shell/models/compare");

/** Compares two versions, of one model or of two. */
export function CompareVersionsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [left, right] = [refIn(search.left), refIn(search.right)];
  const comparison = useComparison(left, right);
  const choose = (next: { left?: string | undefined; right?: string | undefined }) =>
    void navigate({ search: { ...search, ...next }, replace: true });
  return (
    <>
      <PageHeader
        title="Compare versions"
        back={<BackLink to="/models/registry" label="Registry" />}
        description="Differences are highlighted; equal values are gray."
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        <div className="flex flex-wrap items-center gap-2">
          <Picker label="Left" chosen={left} onChoose={(place) => choose({ left: refText(place) })} />
          <Button
            aria-label="Swap sides"
            title="Swap sides"
            onClick={() => choose({ left: search.right, right: search.left })}
          >
            <ArrowLeftRight aria-hidden size={14} />
          </Button>
          <Picker label="Right" chosen={right} onChoose={(place) => choose({ right: refText(place) })} />
        </div>
        {!left || !right ? (
          <EmptyState title="Choose two versions" icon={<GitCompare size={22} />}>
            Both can belong to one model, or to two models.
          </EmptyState>
        ) : comparison.error ? (
          <ErrorState
            error={comparison.error}
            retry={() => comparison.refetch()}
            title="The versions could not be compared"
          />
        ) : comparison.data ? (
          <Compared comparison={comparison.data} />
        ) : (
          <Skeleton className="h-64 rounded-card" />
        )}
      </div>
    </>
  );
}

type PickerProps = { label: string; chosen: Place | undefined; onChoose: (place: Place) => void };

/** Chooses a model and one of its versions. */
function Picker({ label, chosen, onChoose }: PickerProps) {
  const models = useModels({ search: "" });
  const names = models.data?.pages.flatMap((page) => page.items) ?? [];
  const versions = useVersions(chosen?.name);
  const numbers = versions.data?.pages.flatMap((page) => page.items.map(({ version }) => String(version))) ?? [];
  return (
    <fieldset aria-label={label} className="flex min-w-0 items-center gap-2">
      <Select
        aria-label={`${label} model`}
        value={chosen?.name ?? ""}
        onChange={({ target }) => {
          const latest = names.find(({ name }) => name === target.value)?.latest;
          if (latest) onChoose({ name: target.value, version: String(latest.version) });
        }}
        className="w-48! max-md:w-36!"
      >
        <option value="">Choose a model</option>
        {withChosen(
          names.flatMap(({ name, latest }) => (latest ? [name] : [])),
          chosen?.name,
        ).map((name) => (
          <option key={name}>{name}</option>
        ))}
      </Select>
      <Select
        aria-label={`${label} version`}
        value={chosen?.version ?? ""}
        disabled={!chosen}
        onChange={({ target }) => chosen && onChoose({ name: chosen.name, version: target.value })}
        className="w-26!"
      >
        {withChosen(numbers, chosen?.version).map((version) => (
          <option key={version} value={version}>
            {/^\d/.test(version) ? `v${version}` : version}
          </option>
        ))}
      </Select>
      {models.hasNextPage && (
        <Button size="small" kind="quiet" onClick={() => void models.fetchNextPage()}>
          Load more models
        </Button>
      )}
    </fieldset>
  );
}

const withChosen = (values: readonly string[], chosen: string | undefined) =>
  chosen === undefined || values.includes(chosen) ? values : [...values, chosen];

function Compared({ comparison }: { comparison: Comparison }) {
  const [isOnly, setOnly] = useState(false);
  const { left, right } = comparison;
  const leftRun = useRunConfig(left.runId);
  const rightRun = useRunConfig(right.runId);
  const heads = [left, right].map(({ name, version }) => (
    <Link
      key={`${name} ${version}`}
      to="/models/registry/$name"
      params={{ name }}
      search={{ version: String(version) }}
      className="font-medium text-text hover:underline"
    >
      {name} v{version}
    </Link>
  ));
  const shared = { heads, isOnly };
  return (
    <>
      <Checkbox
        label="Differences only"
        checked={isOnly}
        onChange={({ target }) => setOnly(target.checked)}
        className="w-max"
      />
      <CompareTable
        title="Evaluation"
        rows={scoreRows(left, right)}
        none="Neither version has been evaluated. Evaluations run after training, or from the version's overview."
        note="Each version was evaluated separately, with a 95% interval. If two intervals do not overlap, the versions differ. If they overlap, the result is inconclusive."
        {...shared}
      />
      <CompareTable
        title="Facts"
        rows={factRows(comparison)}
        none="No facts are recorded for either version."
        {...shared}
      />
      <CompareTable
        title="Training settings"
        rows={settingRows(leftRun.data, rightRun.data)}
        none="Neither version comes from a training run that you can see."
        {...shared}
      />
      <CompareTable
        title="Data"
        rows={dataRows(left, right)}
        none="No training data is recorded for either version."
        {...shared}
      />
      <CompareTable title="Files" rows={fileRows(comparison)} none="Neither version has files." {...shared} />
      <CompareTable
        title="Notes and tags"
        rows={wordRows(left, right)}
        none="Neither version has notes or tags."
        {...shared}
      />
    </>
  );
}
