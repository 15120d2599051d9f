import { Tag } from "lucide-react";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { IconButton } from "../../../../components/form/button.tsx";
import { Select } from "../../../../components/form/field.tsx";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { VersionLabels } from "../shared/label-chip.tsx";
import { type Prompt, type PromptVersion, useVersions } from "../shared/use-prompts.ts";

type ListProps = {
  prompt: Prompt;
  shown: number;
  onShow: (version: number) => void;
  onMove: ((version: number) => void) | undefined;
};

/** Every version, newest first: what was changed, by whom, and which labels name it. A list to choose from on a phone. */
export function VersionList({ prompt, shown, onShow, onMove }: ListProps) {
  const list = useVersions(prompt.name);
  const items = list.data?.pages.flatMap((page) => page.items);
  if (list.error && !items)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The versions could not be loaded" />;
  return (
    <>
      <section
        aria-label="Versions"
        className="card sticky top-4 max-h-[calc(100vh-2rem)] w-66 shrink-0 self-start overflow-y-auto max-md:hidden"
      >
        <h2 className="border-line border-b px-3 py-2 font-semibold">Versions</h2>
        {!items && [0, 1, 2].map((row) => <Skeleton key={row} className="m-3 h-10" />)}
        <ol className="divide-y divide-line">
          {items?.map((version) => (
            <Row
              key={version.version}
              prompt={prompt}
              version={version}
              onShow={onShow}
              onMove={onMove}
              isShown={version.version === shown}
            />
          ))}
        </ol>
        <MoreRows list={list} />
      </section>
      <Select
        aria-label="Version"
        value={shown}
        onChange={({ target }) => onShow(Number(target.value))}
        className="md:hidden"
      >
        {!items?.some(({ version }) => version === shown) && <option value={shown}>Version {shown}</option>}
        {items?.map(({ version, message }) => (
          <option key={version} value={version}>
            {optionFor(prompt, version, message)}
          </option>
        ))}
      </Select>
    </>
  );
}

function optionFor({ labels }: Prompt, version: number, message: string): string {
  const named = labels.filter((place) => place.version === version).map(({ label }) => label);
  return [`Version ${version}`, named.join(", "), message.slice(0, 60)].filter(Boolean).join(" · ");
}

type RowProps = Omit<ListProps, "shown"> & { version: PromptVersion; isShown: boolean };

function Row({ prompt, version: { version, message, author, createdAt }, isShown, onShow, onMove }: RowProps) {
  return (
    <li className={`group/row relative ${isShown ? "bg-accent-soft" : "hover:bg-raised"}`}>
      <button
        type="button"
        aria-current={isShown || undefined}
        onClick={() => onShow(version)}
        className="flex w-full flex-col gap-0.5 px-3 py-2 text-left -outline-offset-2"
      >
        <span className="flex max-w-full flex-wrap items-center gap-1 pr-7">
          <span className="num mr-1 font-medium">
            <span className="sr-only">Version </span>
            <span aria-hidden>v</span>
            {version}
          </span>
          <VersionLabels prompt={prompt} version={version} />
        </span>
        {message && <span className="line-clamp-2 [overflow-wrap:anywhere]">{message}</span>}
        <span className="text-xs text-muted">
          {author}, <AgoCell iso={createdAt} />
        </span>
      </button>
      {onMove && (
        <IconButton
          label={`Move a label to version ${version}`}
          size="small"
          onClick={() => onMove(version)}
          className="absolute! top-1.5 right-1.5 group-focus-within/row:opacity-100 group-hover/row:opacity-100 md:opacity-0"
        >
          <Tag size={13} />
        </IconButton>
      )}
    </li>
  );
}
