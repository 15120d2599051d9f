import { Archive, FileText, Folder, Tag } from "lucide-react";
import type { ReactNode } from "react";
import { Select } from "../../../../components/form/field.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import type { ListSearch } from "../shared/prompt-search.ts";
import { useFolders } from "../shared/use-prompts.ts";

type ListProps = { search: ListSearch; change: (next: ListSearch) => void };

/** Where the prompts lie and how they are tagged, at the side of the list; a list to choose from on a phone. */
export function FolderList({ search, change }: ListProps) {
  const { data } = useFolders();
  const folders = data?.folders.filter(({ folder }) => folder !== "") ?? [];
  const tags = data?.tags ?? [];
  const isAll = !search.folder && !search.archived;
  return (
    <>
      <nav aria-label="Folders" className="flex w-52 shrink-0 flex-col gap-4 max-md:hidden">
        <ul className="flex flex-col gap-px">
          <Row icon={<FileText aria-hidden size={14} />} isShown={isAll} onClick={() => change(EVERYTHING)}>
            All prompts
          </Row>
          {folders.map(({ folder, promptCount }) => (
            <Row
              key={folder}
              icon={<Folder aria-hidden size={14} />}
              depth={folder.split("/").length - 1}
              count={promptCount}
              isShown={search.folder === folder && !search.archived}
              title={folder}
              onClick={() => change({ folder, archived: undefined })}
            >
              {folder.split("/").at(-1)}
            </Row>
          ))}
          <Row
            icon={<Archive aria-hidden size={14} />}
            isShown={search.archived === "1"}
            onClick={() => change({ folder: undefined, archived: "1" })}
          >
            Archived
          </Row>
        </ul>
        {tags.length > 0 && (
          <div>
            <h2 className="px-2 pb-1 text-xs text-muted">Tags</h2>
            <ul className="flex flex-col gap-px">
              {tags.map(({ tag, promptCount }) => (
                <Row
                  key={tag}
                  icon={<Tag aria-hidden size={14} />}
                  count={promptCount}
                  isShown={search.tag === tag}
                  onClick={() => change({ tag: search.tag === tag ? undefined : tag })}
                >
                  {tag}
                </Row>
              ))}
            </ul>
          </div>
        )}
      </nav>
      <div className="flex gap-2 md:hidden">
        <Select
          aria-label="Folder"
          value={search.archived ? ARCHIVED : (search.folder ?? "")}
          onChange={({ target: { value } }) =>
            change(
              value === ARCHIVED
                ? { folder: undefined, archived: "1" }
                : { folder: value || undefined, archived: undefined },
            )
          }
        >
          <option value="">All prompts</option>
          {folders.map(({ folder }) => (
            <option key={folder}>{folder}</option>
          ))}
          <option value={ARCHIVED}>Archived</option>
        </Select>
        {tags.length > 0 && (
          <Select
            aria-label="Tag"
            value={search.tag ?? ""}
            onChange={({ target }) => change({ tag: target.value || undefined })}
          >
            <option value="">Any tag</option>
            {tags.map(({ tag }) => (
              <option key={tag}>{tag}</option>
            ))}
          </Select>
        )}
      </div>
    </>
  );
}

/** No folder is called so. */
const ARCHIVED = "/archived";
const EVERYTHING: ListSearch = { folder: undefined, archived: undefined };

type RowProps = {
  icon: ReactNode;
  isShown: boolean;
  onClick: () => void;
  children: ReactNode;
  depth?: number;
  count?: number;
  title?: string;
};

function Row({ icon, isShown, onClick, children, depth = 0, count, title }: RowProps) {
  return (
    <li>
      <button
        type="button"
        aria-pressed={isShown}
        title={title}
        onClick={onClick}
        style={{ paddingLeft: `${8 + Math.min(depth, 6) * 14}px` }}
        className="flex h-8 w-full items-center gap-2 rounded-control pr-2 text-left text-muted hover:bg-raised hover:text-text aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent"
      >
        <span className="shrink-0">{icon}</span>
        <span dir="auto" className="min-w-0 grow truncate">
          {children}
        </span>
        {count !== undefined && <span className="num shrink-0 text-xs">{formatCount(count)}</span>}
      </button>
    </li>
  );
}
