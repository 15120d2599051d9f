import { ChangedWords } from "../../../../components/text/changed-words.tsx";
import type { PolicyChange } from "./policy-changes.ts";

/** The changes of a version, each with the texts before and after it. */
export function ChangeList({ changes }: { changes: readonly PolicyChange[] }) {
  if (changes.length === 0) return <p className="text-muted">Nothing changed.</p>;
  return (
    <dl className="grid grid-cols-[minmax(8rem,16rem)_minmax(0,1fr)] gap-x-4 gap-y-1.5 max-sm:grid-cols-1">
      {changes.map((change) => (
        <div key={change.label} className="contents">
          <dt className="text-muted [overflow-wrap:anywhere]">{change.label}</dt>
          <dd className="min-w-0 [overflow-wrap:anywhere]">
            {(change.before !== undefined || change.after !== undefined) && <ChangedWords change={change} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}
