import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import type { useScorerVersions } from "../shared/use-scorers.ts";

type ListProps = { list: ReturnType<typeof useScorerVersions>; shown: number; onShow: (version: number) => void };

/** All versions, newest first, with their change notes and authors. */
export function ScorerVersions({ list, shown, onShow }: ListProps) {
  const items = list.data?.pages.flatMap((page) => page.items);
  if (list.error && !items)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The versions could not be loaded" />;
  return (
    <Section title="Versions" className="overflow-hidden">
      {!items && <Skeleton className="mx-4 mb-4 h-10" />}
      <ol className="divide-y divide-line border-line border-t">
        {items?.map(({ version, message, author, createdAt }) => (
          <li key={version} className={version === shown ? "bg-accent-soft" : "hover:bg-raised"}>
            <button
              type="button"
              aria-current={version === shown || undefined}
              onClick={() => onShow(version)}
              className="flex w-full flex-wrap items-baseline gap-x-3 px-4 py-2 text-left -outline-offset-2"
            >
              <span className="num font-medium">Version {version}</span>
              <span className="min-w-0 grow [overflow-wrap:anywhere]">{message}</span>
              <span className="text-xs text-muted">
                {author}, <AgoCell iso={createdAt} />
              </span>
            </button>
          </li>
        ))}
      </ol>
      <MoreRows list={list} />
    </Section>
  );
}
