import { DIFF_KINDS } from "@treadle/contract";
import { Choice } from "../../../../components/form/choice.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { refWords } from "../shared/dataset-search.ts";
import { DiffList } from "./diff-list.tsx";
import { useDiff } from "./use-versions.ts";

const ALL = "all";

type DifferenceProps = {
  datasetId: string;
  from: string;
  to: string;
  kind: string | undefined;
  onKind: (kind: string | undefined) => void;
};

/** The number of added, removed and changed items, and the items themselves. */
export function Difference({ datasetId, from, to, kind, onKind }: DifferenceProps) {
  const diff = useDiff({ datasetId, from, to, kind });
  const counts = diff.data?.pages[0]?.counts;
  const total = counts ? counts.added + counts.removed + counts.changed : 0;
  const names = [ALL, ...DIFF_KINDS] as const;
  const chosen = names.find((name) => name === kind) ?? ALL;
  const number = (name: (typeof names)[number]) => (name === ALL ? total : (counts?.[name] ?? 0));
  const words = {
    all: `All ${formatCount(number("all"))}`,
    added: `Added ${formatCount(number("added"))}`,
    removed: `Removed ${formatCount(number("removed"))}`,
    changed: `Changed ${formatCount(number("changed"))}`,
  };
  return (
    <>
      {counts && total > 0 && (
        <div className="overflow-x-auto">
          <Choice
            label="Filter differences"
            names={names}
            words={words}
            chosen={chosen}
            onChoose={(name) => onKind(name === ALL ? undefined : name)}
          />
        </div>
      )}
      <DiffList
        diff={diff}
        emptyWords={`${capital(refWords(from))} and ${refWords(to)} have the same items in the same order.`}
      />
    </>
  );
}

const capital = (words: string) => words.slice(0, 1).toUpperCase() + words.slice(1);
