import { Link } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button, IconButton } from "../../../components/form/button.tsx";
import { Select, TextInput } from "../../../components/form/field.tsx";
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
          <li key={`${link.kind} ${link.id}`} className="flex items-center gap-2">
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
      {canWrite && <AddLink add={(link) => save([...issue.links, link])} isBusy={update.isPending} />}
    </div>
  );
}

function LinkName({ link: { kind, id, name } }: { link: Cover }) {
  const look = "min-w-0 grow [overflow-wrap:anywhere] hover:underline";
  if (kind === "experiment")
    return (
      <Link to="/experiments/$experimentId" params={{ experimentId: id }} className={look}>
        {name}
      </Link>
    );
  return (
    <Link to="/datasets/$datasetId" params={{ datasetId: id }} className={look}>
      {name}
    </Link>
  );
}

type AddProps = { add: (link: Cover) => void; isBusy: boolean };
const EMPTY: Cover = { kind: "dataset", id: "", name: "" };

function AddLink({ add, isBusy }: AddProps) {
  const [link, setLink] = useState(EMPTY);
  function submit(event: FormEvent) {
    event.preventDefault();
    const id = link.id.trim();
    if (id === "") return;
    add({ kind: link.kind, id, name: link.name.trim() || id });
    setLink(EMPTY);
  }
  return (
    <form onSubmit={submit} className="mt-2 flex flex-wrap gap-2">
      <KindSelect kind={link.kind} choose={(kind) => setLink({ ...link, kind })} />
      {(["id", "name"] as const).map((part) => (
        <TextInput
          key={part}
          aria-label={part === "id" ? "Id" : "Name"}
          placeholder={part === "id" ? "Id" : "Name"}
          value={link[part]}
          onChange={({ target }) => setLink({ ...link, [part]: target.value })}
          className="w-28! grow"
        />
      ))}
      <Button type="submit" isBusy={isBusy}>
        Add
      </Button>
    </form>
  );
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
