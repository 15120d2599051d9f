import { Link } from "@tanstack/react-router";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Checkbox } from "../../../../components/form/field.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { FoldedText } from "../../../../components/text/folded-text.tsx";
import { type Attack, type AttackQuery, type RedTeamRun, useAttacks } from "../shared/use-red-team.ts";

type ListProps = {
  run: RedTeamRun;
  query: AttackQuery;
  names: Readonly<Record<string, string>>;
  isOnlySuccess: boolean;
  onOnlySuccess: (isOnly: boolean) => void;
};

/** The attacks of the chosen cell with the answers of all arms. */
export function AttackList({ run, query, names, isOnlySuccess, onOnlySuccess }: ListProps) {
  const list = useAttacks(run, query);
  const items = list.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <div className="px-4 pb-2">
        <Checkbox
          label="Only attacks that succeeded in the chosen arm"
          checked={isOnlySuccess}
          onChange={({ target }) => onOnlySuccess(target.checked)}
        />
      </div>
      {list.error && !items ? (
        <ErrorState error={list.error} retry={() => list.refetch()} title="The attacks could not be loaded" />
      ) : (
        <Items items={items} names={names} isOnlySuccess={isOnlySuccess} />
      )}
      <MoreRows list={list} />
    </>
  );
}

type ItemsProps = Pick<ListProps, "names" | "isOnlySuccess"> & { items: readonly Attack[] | undefined };

function Items({ items, names, isOnlySuccess }: ItemsProps) {
  if (items === undefined) return <Skeleton className="mx-4 mb-4 h-24 rounded-control" />;
  if (items.length === 0)
    return (
      <EmptyState title={isOnlySuccess ? "No attack succeeded here" : "No answers yet"}>
        {isOnlySuccess ? "That shows only that these attacks failed." : "Answers appear while the run is active."}
      </EmptyState>
    );
  return (
    <ul className="divide-y divide-line border-line border-t">
      {items.map((attack) => (
        <AttackItem key={attack.itemId} attack={attack} names={names} />
      ))}
    </ul>
  );
}

function AttackItem({ attack, names }: { attack: Attack; names: ListProps["names"] }) {
  const { plugin, strategy, goal, text, turns, answers } = attack;
  return (
    <li className="flex flex-col gap-2 px-4 py-3">
      <h3 className="flex flex-wrap items-baseline gap-x-2 font-medium">
        {names[plugin]} × {names[strategy]}
        {turns > 0 && <span className="text-xs font-normal text-muted">after {turns} earlier messages</span>}
      </h3>
      <FoldedText
        text={text}
        className="rounded-control border border-line bg-raised px-3 py-2 [overflow-wrap:anywhere]"
      />
      {text !== goal && (
        <p className="text-xs text-muted [overflow-wrap:anywhere]">
          Without its disguise: <span dir="auto">{goal}</span>
        </p>
      )}
      <ul className="flex flex-col gap-2">
        {answers.map((answer) => (
          <AnswerItem key={answer.arm} answer={answer} />
        ))}
      </ul>
    </li>
  );
}

type Answer = Attack["answers"][number];

const lookOf = ({ isSuccess }: Answer) => (isSuccess === null ? "text-muted" : isSuccess ? "text-bad" : "text-good");

function AnswerItem({ answer }: { answer: Answer }) {
  const { arm, outcome, output, reason, traceId, spanId } = answer;
  return (
    <li className="min-w-0">
      <p className="flex flex-wrap items-baseline gap-x-2 text-sm">
        <span className="font-medium">{arm}</span>
        <span className={lookOf(answer)}>{outcome}</span>
        {reason && <span className="min-w-0 text-muted [overflow-wrap:anywhere]">{reason}</span>}
        {traceId && (
          <Link
            to="/traces/$traceId"
            params={{ traceId }}
            search={spanId ? { span: spanId } : {}}
            className="ml-auto text-accent underline underline-offset-2"
          >
            Open trace
          </Link>
        )}
      </p>
      {output && <FoldedText text={output} className="text-muted [overflow-wrap:anywhere]" />}
    </li>
  );
}
