import { Link } from "@tanstack/react-router";
import { ClipboardCheck, Trash2 } from "lucide-react";
import { IconButton } from "../../../components/form/button.tsx";
import { CardRows, SettingsCollection } from "../../../components/layout/settings-collection.tsx";
import { formatAgo, formatExactTime, formatNumberOf } from "../../../components/text/format.ts";
import { useDatasetChoices } from "../../system/choices/index.ts";
import { useProject } from "../../system/session/index.ts";
import { RequiredForm } from "./required-form.tsx";
import { type Required, useRequired, useRequiredChanges } from "./use-required.ts";

/** The evaluations that every trained model must run, so that lost abilities are noticed. */
export function RequiredEvaluationsPage() {
  const required = useRequired();
  const { remove } = useRequiredChanges();
  const canWrite = useProject().can("experiments:write");
  return (
    <SettingsCollection
      title="Required evaluations"
      description="After each training run, the new version is compared with its base on the validation data and on each of these evaluations. The verdict is stored with the model version. If any evaluation is worse, the verdict is “worse”."
      query={required}
      items={required.data}
      canWrite={canWrite}
      newLabel="Add evaluation"
      empty={{
        title: "No required evaluations yet",
        icon: <ClipboardCheck size={22} />,
        words:
          "Versions are evaluated only on validation data, so abilities lost elsewhere stay unnoticed. Add general questions, or cases that must never fail.",
      }}
      list={(items, open) => (
        <CardRows items={items} skeletons={["h-24"]} label="Required evaluations">
          {(item) => (
            <Row
              key={item.requiredEvaluationId}
              item={item}
              onRemove={canWrite ? () => open("delete", item) : undefined}
            />
          )}
        </CardRows>
      )}
      form={(_, close) => <RequiredForm close={close} />}
      isFormAlone
      remove={{ mutation: remove, ask: removalOf }}
    />
  );
}

const removalOf = ({ requiredEvaluationId, name }: Required) => ({
  id: requiredEvaluationId,
  title: `Remove required evaluation ${name}?`,
  verb: "Remove",
  done: `Removed ${name}`,
  words: "New versions are no longer evaluated on it. Existing verdicts and experiments stay.",
});

function Row({ item, onRemove }: { item: Required; onRemove: (() => void) | undefined }) {
  const { name, dataset, scorers, margin, messages, createdBy, createdAt } = item;
  const datasets = useDatasetChoices();
  const datasetRow = datasets.data?.find(({ datasetId }) => datasetId === dataset.datasetId);
  const words = [
    dataset.version === "main" ? "latest version" : `version ${dataset.version}`,
    dataset.split && `split ${dataset.split}`,
    dataset.filter,
    dataset.limit !== null && `at most ${formatNumberOf(dataset.limit, "item")}`,
    messages && "custom messages",
  ];
  return (
    <li className="flex items-start gap-3 px-4 py-3">
      <div className="min-w-0 grow [overflow-wrap:anywhere]">
        <p className="font-medium">{name}</p>
        <p className="text-muted">
          {datasetRow || !datasets.data ? (
            <Link
              to="/datasets/$datasetId"
              params={{ datasetId: dataset.datasetId }}
              className="text-text underline decoration-line-strong underline-offset-2 hover:decoration-current"
            >
              {datasetRow?.name ?? dataset.datasetId}
            </Link>
          ) : (
            <span className="text-warn">deleted dataset (remove this evaluation)</span>
          )}
          , {words.filter(Boolean).join(", ")}
        </p>
        <p className="text-muted">
          Scorers: {scorers.map((one) => ("kind" in one ? (one.name ?? one.kind) : one.scorer)).join(", ")}. Margin:{" "}
          {Number((margin * 100).toFixed(2))}%.
        </p>
        <p className="text-xs text-muted">
          Added{" "}
          <time dateTime={createdAt} title={formatExactTime(createdAt)}>
            {formatAgo(createdAt)}
          </time>{" "}
          by {createdBy}
        </p>
      </div>
      {onRemove && (
        <IconButton label={`Remove ${name}`} onClick={onRemove}>
          <Trash2 size={14} />
        </IconButton>
      )}
    </li>
  );
}
