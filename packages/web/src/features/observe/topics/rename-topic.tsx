import { useState } from "react";
import { explain } from "../../../api.ts";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { whenDone } from "../../../components/feedback/when-done.ts";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { TextField } from "../../../components/form/typed-fields.tsx";
import { type Topic, useTopicChanges } from "./use-topics.ts";

/** A label that later runs retain. */
export function RenameTopic({ topic, close }: { topic: Topic; close: () => void }) {
  const { rename } = useTopicChanges();
  const [label, setLabel] = useState(topic.label);
  const { topicId } = topic;
  // An empty label restores the words of the topic, which later runs may change.
  const before = topic.labelSource === "words" ? "" : topic.label;
  const undo = () => rename.mutate({ topicId, label: before });
  const renamed = () => {
    toastDone("Renamed the topic", { label: "Undo", run: undo });
    close();
  };
  return (
    <FormDialog
      title="Rename the topic"
      verb="Rename"
      form={{ failure: rename.error ? explain(rename.error) : undefined, isBusy: rename.isPending }}
      onSubmit={() => whenDone(rename.mutateAsync({ topicId, label: label.trim() }), renamed)}
      close={close}
    >
      <TextField
        label="Label"
        help="Later runs retain it. Leave empty to use the words of the topic."
        value={label}
        most={200}
        onChange={setLabel}
      />
    </FormDialog>
  );
}
