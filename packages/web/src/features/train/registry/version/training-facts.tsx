import { Section } from "../../../../components/layout/page.tsx";
import type { Version } from "../shared/use-registry.ts";

/** The training settings of a version, and its prompt format. */
export function TrainingFacts({ version: { training, data } }: { version: Version }) {
  if (training === null) return null;
  const { method, hyperparameters, chatTemplate, versions } = training;
  const prompts = data.filter(({ prompt }) => prompt);
  const facts = [["method", method] as const, ...Object.entries(hyperparameters), ...Object.entries(versions)];
  return (
    <>
      <Section
        title="Prompt format"
        description={
          prompts.length > 0
            ? "Send requests with these messages. Training and evaluations use them too."
            : "The items of the training data are chats and are used unchanged."
        }
      >
        <div className="flex flex-col gap-3 px-4 pb-4">
          {prompts.map(({ ref, prompt, target }) => (
            <div key={ref} className="min-w-0">
              <p className="text-xs text-muted">
                {ref}, answer field {target ?? "expected"}
              </p>
              {(prompt ?? []).map(({ role, content }) => (
                <pre key={`${role} ${content}`} className="mt-1 whitespace-pre-wrap [overflow-wrap:anywhere]">
                  <span className="text-muted">{role}: </span>
                  {content}
                </pre>
              ))}
            </div>
          ))}
          <div className="min-w-0">
            <p className="text-xs text-muted">Chat template</p>
            <pre className="mt-1 max-h-60 overflow-auto whitespace-pre-wrap [overflow-wrap:anywhere]">
              {chatTemplate === "model" ? "The base model's template" : chatTemplate}
            </pre>
          </div>
        </div>
      </Section>
      <Section title="Hyperparameters and versions">
        <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-1 px-4 pb-4">
          {facts.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="num min-w-0 [overflow-wrap:anywhere]">{value}</dd>
            </div>
          ))}
        </dl>
      </Section>
    </>
  );
}
