import { getRouteApi } from "@tanstack/react-router";
import { ScorerInput } from "@treadle/contract";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { Failure } from "../../components/failure.tsx";
import { Field, TextArea, TextInput } from "../../components/field.tsx";
import { useFormState } from "../../components/form-state.ts";
import { BackLink, PageHeader } from "../../components/page.tsx";
import { paramErrors } from "../../components/param-errors.ts";
import { initialOf } from "../../components/schema-fields.ts";
import { SchemaForm } from "../../components/schema-form.tsx";
import { SearchField } from "../../components/search-field.tsx";
import { ErrorState, Skeleton } from "../../components/states.tsx";
import { toastDone } from "../../components/toast.tsx";
import { KindList } from "./kind-list.tsx";
import { outputWords } from "./kind-words.ts";
import { TryPanel } from "./try-panel.tsx";
import { type ScorerKind, useJudgeNames, useKinds, useScorerChanges } from "./use-scorers.ts";

const route = getRouteApi("/shell/scorers/new");

/** First the kind, then its settings, tried on a sample before it is stored. */
export function NewScorer() {
  const { kind: asked } = route.useSearch();
  const navigate = route.useNavigate();
  const kinds = useKinds();
  const [word, setWord] = useState("");
  const kind = kinds.data?.find((one) => one.kind === asked);
  const back = <BackLink to="/scorers" label="Scorers" />;
  if (kinds.error && !kinds.data)
    return (
      <>
        <PageHeader title="New scorer" back={back} />
        <ErrorState error={kinds.error} retry={() => kinds.refetch()} title="The kinds could not be loaded" />
      </>
    );
  if (asked !== undefined && !kinds.data)
    return (
      <>
        <PageHeader title="New scorer" back={back} />
        <Skeleton className="mx-6 h-80 rounded-card" />
      </>
    );
  if (kind)
    return <Editor key={kind.kind} kind={kind} chooseKind={() => void navigate({ search: {}, replace: true })} />;
  return (
    <>
      <PageHeader
        title="New scorer"
        back={back}
        description={
          asked === undefined
            ? "Choose what it does. It can be tried before it is stored."
            : `There is no kind “${asked}”.`
        }
      >
        <SearchField label="Search kinds" placeholder="What should it measure?" word={word} onChange={setWord} />
      </PageHeader>
      <div className="px-6 pb-8 max-md:px-4">
        <KindList kinds={kinds.data} search={word} group={undefined} linkKinds showAll={() => setWord("")} />
      </div>
    </>
  );
}

function Editor({ kind, chooseKind }: { kind: ScorerKind; chooseKind: () => void }) {
  const navigate = route.useNavigate();
  const { create } = useScorerChanges();
  const models = useJudgeNames();
  const form = useFormState({
    schema: ScorerInput,
    initial: { kind: kind.kind, params: initialOf(kind.params), name: "", description: "" },
    draft: `new-scorer.${kind.kind}`,
  });
  const params = form.values.params ?? {};
  const submit = () =>
    form.submit(async (body) => {
      const { scorerId, name } = await create.mutateAsync(body);
      toastDone(`Stored ${name}`);
      await navigate({ to: "/scorers/$scorerId", params: { scorerId } });
    });
  return (
    <>
      <PageHeader
        title={`New scorer: ${kind.label}`}
        back={<BackLink to="/scorers" label="Scorers" />}
        description={`${kind.summary} Gives ${outputWords(kind.output)}.`}
        action={<Button onClick={chooseKind}>Another kind</Button>}
      />
      <div className="grid grid-cols-2 items-start gap-4 px-6 pb-8 max-lg:grid-cols-1 max-md:px-4">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
          className="card flex min-w-0 flex-col gap-4 p-4"
        >
          <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
            <Field label="Name" error={form.errors.name} help="What its scores are called">
              {(field) => (
                <TextInput {...field} {...form.text("name")} required maxLength={100} placeholder={kind.kind} />
              )}
            </Field>
            <Field label="Description" isOptional error={form.errors.description}>
              {(field) => <TextArea {...field} {...form.text("description")} rows={1} />}
            </Field>
          </div>
          <SchemaForm
            schema={kind.params}
            params={params}
            onChange={(next) => form.set({ params: next })}
            errors={paramErrors(create.error)}
            proposals={models}
          />
          <Failure text={form.failure} />
          <div className="flex justify-end gap-2">
            <Button type="submit" kind="primary" isBusy={form.isBusy}>
              Store it
            </Button>
          </div>
        </form>
        <TryPanel kind={kind} params={params} />
      </div>
    </>
  );
}
