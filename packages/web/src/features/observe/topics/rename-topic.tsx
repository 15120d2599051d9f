import { useState } from "react";
import { explain } from "../../../api.ts";
import { Button } from "../../../components/form/button.tsx";
import { Field, TextInput } from "../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
import { type Topic, useTopicChanges } from "./use-topics.ts";

/** A label that later runs retain. */
export function RenameTopic({ topic, close }: { topic: Topic; close: () => void }) {
  const { rename } = useTopicChanges();
  const [label, setLabel] = useState(topic.label);
  return (
    <Dialog title="Rename the topic" close={close}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          rename.mutate({ topicId: topic.topicId, label: label.trim() }, { onSuccess: close });
        }}
      >
        <Field
          label="Label"
          help="Later runs retain it. Leave empty to use the words of the topic."
          error={rename.error ? explain(rename.error) : undefined}
        >
          <TextInput value={label} maxLength={200} onChange={({ target }) => setLabel(target.value)} />
        </Field>
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={rename.isPending}>
            Rename
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
