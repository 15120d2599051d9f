import { DIFF_KINDS } from "@treadle/contract";
import { Choice } from "../../components/choice.tsx";
import { formatCount } from "../../components/format.ts";
import { refWords } from "./dataset-search.ts";
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

/** How many items came, went and changed, and these items. */
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
            label="Which differences"
            names={names}
            words={words}
            chosen={chosen}
            onChoose={(name) => onKind(name === ALL ? undefined : name)}
          />
        </div>
      )}
      <DiffList
        diff={diff}
        emptyWords={`${capital(refWords(from))} and ${refWords(to)} hold the same items in the same shape.`}
      />
    </>
  );
}

const capital = (words: string) => words.slice(0, 1).toUpperCase() + words.slice(1);
