import { getRouteApi } from "@tanstack/react-router";
import { ListChecks } from "lucide-react";
import { type ReactNode, useState } from "react";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field, Select } from "../../../../components/form/field.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { type Base, useBase } from "../shared/use-bases.ts";
import { CompareRuns } from "./compare-runs.tsx";
import { NewSet } from "./new-set.tsx";
import { QuestionList } from "./question-list.tsx";
import { RunForm } from "./run-form.tsx";
import { RunList } from "./run-list.tsx";
import { SetMenu } from "./set-menu.tsx";
import { type QuestionSet, useQuestionSets } from "./use-question-sets.ts";

const route = getRouteApi("/shell/knowledge/$knowledgeBaseId/evaluation");

/** How well searches of a base find the answers to a set of questions. */
export function EvaluationPage() {
  const { knowledgeBaseId } = route.useParams();
  const base = useBase(knowledgeBaseId).data;
  return (
    <div className="flex flex-col gap-4 px-6 pt-4 pb-8 max-md:px-4">
      {base ? <Parts base={base} /> : <Skeleton className="h-60 rounded-card" />}
    </div>
  );
}

function Parts({ base }: { base: Base }) {
  const canWrite = useProject().can("knowledge:write");
  const [isNew, setIsNew] = useState(false);
  const { set } = route.useSearch();
  const list = useQuestionSets(base.knowledgeBaseId);
  const sets = list.data;
  if (list.error && !sets)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The question sets could not be loaded" />;
  if (!sets) return <Skeleton className="h-60 rounded-card" />;
  const add = canWrite && <Button onClick={() => setIsNew(true)}>New question set</Button>;
  const dialog = isNew && <NewSet knowledgeBaseId={base.knowledgeBaseId} close={() => setIsNew(false)} />;
  const shown = sets.find(({ questionSetId }) => questionSetId === set) ?? sets[0];
  return (
    <>
      {shown ? <Shown base={base} sets={sets} shown={shown} add={add} canWrite={canWrite} /> : <NoSets add={add} />}
      {dialog}
    </>
  );
}

type ShownProps = { base: Base; sets: readonly QuestionSet[]; shown: QuestionSet; add: ReactNode; canWrite: boolean };

const Shown = ({ base, sets, shown, add, canWrite }: ShownProps) => (
  <>
    <div className="flex flex-wrap items-end justify-between gap-3">
      <SetChoice sets={sets} shown={shown} />
      {add}
    </div>
    <SetParts key={shown.questionSetId} base={base} set={shown} canWrite={canWrite} />
  </>
);

const NoSets = ({ add }: { add: ReactNode }) => (
  <EmptyState title="No question sets yet" icon={<ListChecks size={22} />} action={add}>
    A question set has questions and the passages that answer them. Runs over it show whether a new version or other
    settings find more of these passages.
  </EmptyState>
);

type ChoiceProps = { sets: readonly QuestionSet[]; shown: QuestionSet };

function SetChoice({ sets, shown }: ChoiceProps) {
  const navigate = route.useNavigate();
  return (
    <Field label="Question set" className="w-72 max-w-full">
      {(field) => (
        <Select
          {...field}
          value={shown.questionSetId}
          onChange={({ target }) => void navigate({ search: { set: target.value }, replace: true })}
        >
          {sets.map(({ questionSetId, name }) => (
            <option key={questionSetId} value={questionSetId}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

type PartsProps = { base: Base; set: QuestionSet; canWrite: boolean };

const SetParts = ({ base, set, canWrite }: PartsProps) => (
  <>
    <div className="flex flex-wrap items-center justify-between gap-2 text-muted">
      <p className="num">
        {formatNumberOf(set.questions, "question")}
        {set.unanswerable > 0 && ` · ${set.unanswerable} without an answer in the documents`}
      </p>
      {canWrite && <SetMenu set={set} />}
    </div>
    {canWrite && set.questions > 0 && <RunForm base={base} set={set} />}
    <RunList set={set} canWrite={canWrite} />
    <CompareRuns set={set} />
    <QuestionList set={set} canWrite={canWrite} />
  </>
);
