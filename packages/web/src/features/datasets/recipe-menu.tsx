import type { CurationStep } from "@treadle/contract";
import { BookOpen, ClipboardCopy, Eraser } from "lucide-react";
import { useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { copyText } from "../../components/copy-button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Failure } from "../../components/failure.tsx";
import { Field, Select } from "../../components/field.tsx";
import { Menu, MenuItem } from "../../components/menu.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useDatasetChoices, useVersionChoices } from "../choices/index.ts";
import { choicesOf, type Pipeline, pipelineOf } from "./pipeline.ts";
import { useReadRecipe } from "./use-curation.ts";
import type { DatasetPlace } from "./use-draft.ts";

type MenuProps = {
  place: DatasetPlace;
  pipeline: Pipeline;
  steps: readonly CurationStep[];
  onPipeline: (pipeline: Pipeline) => void;
};

/** A recipe is what was done before: of a version, of another dataset, or kept as JSON. */
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
          Use that of a version…
        </MenuItem>
        <MenuItem
          icon={<ClipboardCopy size={14} />}
          isDisabled={pipeline.length === 0}
          onSelect={async () => {
            const recipe = JSON.stringify({ steps: choicesOf(pipeline) }, null, 2);
            if (await copyText(recipe)) toastDone("Copied the recipe, as `treadle dataset curate` takes it");
          }}
        >
          Copy as JSON
        </MenuItem>
        <MenuItem icon={<Eraser size={14} />} isDisabled={pipeline.length === 0} onSelect={() => onPipeline([])}>
          Clear the pipeline
        </MenuItem>
      </Menu>
      {isChoosing && (
        <ChooseRecipe
          place={place}
          steps={steps}
          onChosen={(chosen) => {
            onPipeline(chosen);
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
  const chosen = version ?? versions[0]?.number;
  const found = recipe.data?.steps;
  function read() {
    if (chosen === undefined) return;
    recipe.mutate(
      { datasetId, version: chosen },
      { onSuccess: (answer) => answer.steps.length > 0 && onChosen(pipelineOf(answer.steps)) },
    );
  }
  return (
    <Dialog
      title="Use a recipe"
      description="The steps that made a version, to be looked at and made again here."
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
            <Select {...field} value={chosen ?? ""} onChange={({ target }) => setVersion(Number(target.value))}>
              {versions.length === 0 && <option value="">no version yet</option>}
              {versions.map(({ number, message }) => (
                <option key={number} value={number}>
                  {number}: {message.split("\n")[0]?.slice(0, 60)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {found?.length === 0 && <p className="text-warn">That version was made without a step of curation.</p>}
        {found?.some(({ stepId }) => !steps.some((step) => step.stepId === stepId)) && (
          <p className="text-warn">It has steps that this server does not know.</p>
        )}
        <Failure text={recipe.error ? explain(recipe.error) : undefined} />
        <div className="flex justify-end gap-2">
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={recipe.isPending} disabled={chosen === undefined}>
            Use these steps
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
