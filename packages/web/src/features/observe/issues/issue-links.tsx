import { Link } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { explain } from "../../../api.ts";
import { Button, IconButton } from "../../../components/form/button.tsx";
import { Select } from "../../../components/form/field.tsx";
import { useDatasetChoices, useExperimentChoices, useTestSetChoices } from "../../system/choices/index.ts";
import { type IssueDetail, useIssueChanges } from "./use-issues.ts";

type Cover = IssueDetail["links"][number];
const KINDS: Readonly<Record<Cover["kind"], string>> = {
  experiment: "Experiment",
  dataset: "Dataset",
  testSet: "Test set",
};

/** The experiments, datasets and test sets that cover the issue. */
export function IssueLinks({ issue, canWrite }: { issue: IssueDetail; canWrite: boolean }) {
  const { update } = useIssueChanges(issue.issueId);
  const save = (links: readonly Cover[]) => update.mutate({ links: [...links] });
  return (
    <div>
      <h3 className="text-xs text-muted">Covered by</h3>
      {issue.links.length === 0 && <p className="text-muted">Nothing yet.</p>}
      <ul>
        {issue.links.map((link) => (
          <li key={`${link.kind} ${link.objectId}`} className="flex items-center gap-2">
            <span className="text-xs text-muted">{KINDS[link.kind]}</span>
            <LinkName link={link} />
            {canWrite && (
              <IconButton
                label={`Remove ${link.name}`}
                size="small"
                onClick={() => save(issue.links.filter((one) => one !== link))}
              >
                <Trash2 size={13} />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
      {canWrite && (
        <AddLink links={issue.links} add={(link) => save([...issue.links, link])} isBusy={update.isPending} />
      )}
    </div>
  );
}

function LinkName({ link: { kind, objectId, name } }: { link: Cover }) {
  const look = "min-w-0 grow [overflow-wrap:anywhere] hover:underline";
  if (kind === "experiment")
    return (
      <Link to="/experiments/$experimentId" params={{ experimentId: objectId }} className={look}>
        {name}
      </Link>
    );
  // Built-in test sets have no page.
  if (kind === "testSet") return <span className="min-w-0 grow [overflow-wrap:anywhere]">{name}</span>;
  return (
    <Link to="/datasets/$datasetId" params={{ datasetId: objectId }} className={look}>
      {name}
    </Link>
  );
}

type AddProps = { links: readonly Cover[]; add: (link: Cover) => void; isBusy: boolean };

function AddLink({ links, add, isBusy }: AddProps) {
  const [kind, setKind] = useState<Cover["kind"]>("dataset");
  const [id, setId] = useState("");
  const { choices, list } = useLinkChoices(kind, links);
  const chosen = choices.find((one) => one.id === id);
  function submit(event: FormEvent) {
    event.preventDefault();
    if (!chosen) return;
    add({ kind, objectId: chosen.id, name: chosen.name });
    setId("");
  }
  return (
    <form onSubmit={submit} className="mt-2 flex flex-wrap gap-2">
      <KindSelect kind={kind} choose={setKind} />
      <ItemSelect label={KINDS[kind]} id={chosen?.id ?? ""} choices={choices} list={list} choose={setId} />
      <Button type="submit" isBusy={isBusy} disabled={!chosen}>
        Add
      </Button>
      {list.error && <LoadFailure error={list.error} retry={() => void list.refetch()} />}
    </form>
  );
}

const LoadFailure = ({ error, retry }: { error: Error; retry: () => void }) => (
  <div role="alert" className="flex w-full flex-wrap items-center gap-2">
    <p className="min-w-0 grow text-bad [overflow-wrap:anywhere]">The choices could not be loaded. {explain(error)}</p>
    <Button size="small" onClick={retry}>
      Retry
    </Button>
  </div>
);

type ItemProps = {
  label: string;
  id: string;
  choices: readonly { id: string; name: string }[];
  list: { readonly isLoading: boolean; readonly error: Error | null };
  choose: (id: string) => void;
};

const ItemSelect = ({ label, id, choices, list, choose }: ItemProps) => (
  <Select aria-label={label} value={id} onChange={({ target }) => choose(target.value)} className="w-40! min-w-0 grow">
    <option value="">{emptyWords(choices, list)}</option>
    {choices.map((one) => (
      <option key={one.id} value={one.id}>
        {one.name}
      </option>
    ))}
  </Select>
);

function emptyWords(choices: ItemProps["choices"], { isLoading, error }: ItemProps["list"]): string {
  if (choices.length > 0) return "Choose…";
  if (isLoading) return "Loading…";
  return error ? "Not loaded" : "None available";
}

/** What can be added of a kind, without existing links. */
function useLinkChoices(kind: Cover["kind"], links: readonly Cover[]) {
  const datasets = useDatasetChoices();
  const experiments = useExperimentChoices(kind === "experiment");
  const testSets = useTestSetChoices(kind === "testSet");
  const list = { dataset: datasets, experiment: experiments, testSet: testSets }[kind];
  const all = {
    dataset: datasets.data?.map(({ datasetId, name }) => ({ id: datasetId, name })),
    experiment: experiments.data?.map(({ experimentId, name }) => ({ id: experimentId, name })),
    testSet: testSets.data?.map(({ testSetId, label }) => ({ id: testSetId, name: label })),
  }[kind];
  const isLinked = (id: string) => links.some((link) => link.kind === kind && link.objectId === id);
  return { choices: (all ?? []).filter(({ id }) => !isLinked(id)), list };
}

const KindSelect = ({ kind, choose }: { kind: Cover["kind"]; choose: (kind: Cover["kind"]) => void }) => (
  <Select
    aria-label="Kind of link"
    value={kind}
    onChange={({ target }) => choose(target.value as Cover["kind"])}
    className="w-32!"
  >
    {Object.entries(KINDS).map(([value, words]) => (
      <option key={value} value={value}>
        {words}
      </option>
    ))}
  </Select>
);
