import { explain } from "../../api.ts";
import { Button } from "../form/button.tsx";

type MoreProps = {
  list: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    error: unknown;
    fetchNextPage: () => unknown;
  };
};

/** Below a short table: loads the next page or shows why that failed. */
export function MoreRows({ list }: MoreProps) {
  if (!list.hasNextPage) return null;
  return (
    <div className="flex items-center gap-3 border-line border-t px-4 py-2">
      <Button size="small" isBusy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
        Load more
      </Button>
      {list.isFetchNextPageError && (
        <span role="alert" className="text-bad">
          {explain(list.error)}
        </span>
      )}
    </div>
  );
}
