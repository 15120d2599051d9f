import type { CurationStep } from "@treadle/contract";
import { BookOpen, ClipboardCopy, Eraser } from "lucide-react";
import { useState } from "react";
import { explain } from "../../../../api.ts";
import { copyText } from "../../../../components/feedback/copy-button.tsx";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field, Select } from "../../../../components/form/field.tsx";
import { Dialog } from "../../../../components/overlay/dialog.tsx";
import { Menu, MenuItem } from "../../../../components/overlay/menu.tsx";
import { useDatasetChoices, useVersionChoices } from "../../../system/choices/index.ts";
import type { DatasetPlace } from "../shared/use-draft.ts";
import { choicesOf, type Pipeline, pipelineOf } from "./pipeline.ts";
import { useReadRecipe } from "./use-curation.ts";

type MenuProps = {
  place: DatasetPlace;
  pipeline: Pipeline;
  steps: readonly CurationStep[];
  onPipeline: (pipeline: Pipeline) => void;
};

/** A recipe is a stored list of steps: from a version, from another dataset, or as JSON. */
export function RecipeMenu({ place, pipeline, steps, onPipeline }: MenuProps) {
  const [isChoosing, setIsChoosing] = useState(false);
  const trigger = (
    <Button size="small" kind="quiet">
      <BookOpen aria-hidden size={12} /> Recipe
    </Button>
  );
  return (
    <>
      <Menu trigger={trigger} align="end">
        <MenuItem icon={<BookOpen size={14} />} onSelect={() => setIsChoosing(true)}>
          Load from version…
        </MenuItem>
        <MenuItem
          icon={<ClipboardCopy size={14} />}
          isDisabled={pipeline.length === 0}
          onSelect={async () => {
            const recipe = JSON.stringify({ steps: choicesOf(pipeline) }, null, 2);
            if (await copyText(recipe)) toastDone("Copied the recipe in the format of `treadle dataset curate`");
          }}
        >
          Copy as JSON
        </MenuItem>
        <MenuItem icon={<Eraser size={14} />} isDisabled={pipeline.length === 0} onSelect={() => onPipeline([])}>
          Clear pipeline
        </MenuItem>
      </Menu>
      {isChoosing && (
        <ChooseRecipe
          place={place}
          steps={steps}
          onChosen={(next) => {
            onPipeline(next);
            setIsChoosing(false);
          }}
          close={() => setIsChoosing(false)}
        />
      )}
    </>
  );
}

type ChooseProps = Pick<MenuProps, "place" | "steps"> & { onChosen: (pipeline: Pipeline) => void; close: () => void };

function ChooseRecipe({ place, steps, onChosen, close }: ChooseProps) {
  const datasets = useDatasetChoices();
  const [datasetId, setDatasetId] = useState(place.datasetId);
  const versions = useVersionChoices(datasetId).data ?? [];
  const [version, setVersion] = useState<number>();
  const recipe = useReadRecipe();
  const versionNumber = version ?? versions[0]?.version;
  const recipeSteps = recipe.data?.steps;
  function read() {
    if (versionNumber === undefined) return;
    recipe.mutate(
      { datasetId, version: versionNumber },
      { onSuccess: (answer) => answer.steps.length > 0 && onChosen(pipelineOf(answer.steps)) },
    );
  }
  return (
    <Dialog
      title="Load recipe"
      description="Loads the steps that created a version, so that you can review and run them here."
      close={close}
      width="narrow"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          read();
        }}
        className="flex flex-col gap-4 text-base"
      >
        <Field label="Dataset">
          {(field) => (
            <Select
              {...field}
              value={datasetId}
              onChange={({ target }) => {
                setDatasetId(target.value);
                setVersion(undefined);
              }}
            >
              {(datasets.data ?? []).map((one) => (
                <option key={one.datasetId} value={one.datasetId}>
                  {one.name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Version">
          {(field) => (
            <Select {...field} value={versionNumber ?? ""} onChange={({ target }) => setVersion(Number(target.value))}>
              {versions.length === 0 && <option value="">no versions yet</option>}
              {versions.map(({ version: number, message }) => (
                <option key={number} value={number}>
                  {number}: {message.split("\n")[0]?.slice(0, 60)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {recipeSteps?.length === 0 && <p className="text-warn">This version was created without curation steps.</p>}
        {recipeSteps?.some(({ stepId }) => !steps.some((step) => step.stepId === stepId)) && (
          <p className="text-warn">This version has steps that are not available on this server.</p>
        )}
        <Failure text={recipe.error ? explain(recipe.error) : undefined} />
        <div className="flex justify-end gap-2">
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={recipe.isPending} disabled={versionNumber === undefined}>
            Load steps
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
