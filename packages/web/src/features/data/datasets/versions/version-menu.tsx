import { ChevronDown, History, PencilLine } from "lucide-react";
import { buttonLook } from "../../../../components/form/button.tsx";
import { Menu, MenuChoice, MenuLabel, MenuLine } from "../../../../components/overlay/menu.tsx";
import { formatAgo } from "../../../../components/text/format.ts";
import { draftRef } from "../shared/dataset-search.ts";
import { type DatasetPlace, useDraft } from "../shared/use-draft.ts";
import { useVersions } from "./use-versions.ts";

type MenuProps = { place: DatasetPlace; at: string; onChoose: (at: string | undefined) => void };

/** The choice between the draft and the versions of the branch. */
export function VersionMenu({ place, at, onChoose }: MenuProps) {
  const draft = useDraft(place);
  const list = useVersions(place.datasetId, place.branch);
  const versions = list.data?.pages.flatMap((page) => page.items) ?? [];
  const isDraft = at === draftRef(place.branch);
  const Icon = isDraft ? PencilLine : History;
  const { isDirty = false, base = null } = draft.data ?? {};
  const words = isDraft
    ? isDirty || base === null
      ? "Draft"
      : `Version ${base}`
    : /^\d+$/.test(at)
      ? `Version ${at}`
      : at;
  const trigger = (
    <button type="button" className={buttonLook("plain")} aria-label={`Showing: ${words}`}>
      <Icon aria-hidden size={14} className={isDraft ? "text-muted" : "text-info"} />
      <span className="num max-w-40 truncate">{words}</span>
      {!isDraft && <span className="text-xs text-info">read-only</span>}
      <ChevronDown aria-hidden size={14} className="text-muted" />
    </button>
  );
  return (
    <Menu trigger={trigger}>
      <MenuChoice isChosen={isDraft} onSelect={() => onChoose(undefined)}>
        Draft
        <span className="block text-xs text-muted">
          {isDirty ? "uncommitted changes" : base === null ? "nothing committed yet" : `same as version ${base}`}
        </span>
      </MenuChoice>
      {versions.length > 0 && <MenuLine />}
      {versions.length > 0 && <MenuLabel>Versions of {place.branch}</MenuLabel>}
      {versions.slice(0, 30).map(({ version: number, message, createdAt, tags }) => (
        <MenuChoice key={number} isChosen={at === String(number)} onSelect={() => onChoose(String(number))}>
          <span className="num">{number}</span>
          {tags.length > 0 && <span className="ml-2 text-xs text-accent">{tags.join(", ")}</span>}
          <span className="block truncate text-xs text-muted">
            {formatAgo(createdAt)} · {message.split("\n")[0]}
          </span>
        </MenuChoice>
      ))}
    </Menu>
  );
}
