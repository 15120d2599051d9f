import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { useTestSetChoices } from "../../../system/choices/index.ts";

type ChoiceProps = { chosen: string; choose: (testSetId: string) => void };

/** The choice of a built-in test set, with its content. */
export function TestSetChoice({ chosen, choose }: ChoiceProps) {
  const sets = useTestSetChoices();
  if (sets.error && !sets.data)
    return <ErrorState error={sets.error} retry={() => sets.refetch()} title="The test sets could not be loaded" />;
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">Test set</legend>
      {!sets.data && <Skeleton className="h-20" />}
      <div className="flex flex-col gap-2">
        {sets.data?.map(({ testSetId, label, description, version, items, categories }) => {
          const attacks = categories.filter(({ intent }) => intent === "attack");
          const harmless = categories.filter(({ intent }) => intent === "benign");
          const sum = (some: typeof categories) => some.reduce((all, one) => all + one.items, 0);
          return (
            <label
              key={testSetId}
              className="card cursor-pointer p-2.5 hover:bg-raised has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent"
            >
              <input
                type="radio"
                name="test-set"
                value={testSetId}
                checked={chosen === testSetId}
                onChange={() => choose(testSetId)}
                className="sr-only"
              />
              <span className="block font-medium">
                {label} <span className="text-xs text-muted">version {version}</span>
              </span>
              <span className="block text-sm text-muted text-pretty">{description}</span>
              <span className="mt-1 block text-xs text-muted">
                {`${formatCount(items)} items: ${formatCount(sum(attacks))} attacks in ${attacks.length} categories, ${formatCount(sum(harmless))} harmless`}
              </span>
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
