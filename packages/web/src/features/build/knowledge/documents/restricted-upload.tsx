import { useState } from "react";
import { Button } from "../../../../components/form/button.tsx";
import { Dialog, DialogActions } from "../../../../components/overlay/dialog.tsx";
import { type Access, principalsOf } from "../shared/access.ts";
import { AccessField } from "../shared/access-field.tsx";

type UploadProps = { onChoose: (principals: readonly string[]) => void; close: () => void };

/** Asks who finds the files before they are chosen, so that no file is public for a moment. */
export function RestrictedUpload({ onChoose, close }: UploadProps) {
  const [access, setAccess] = useState<Access>({ who: "some", text: "" });
  const [isChecked, setIsChecked] = useState(false);
  const { principals, error } = principalsOf(access);
  return (
    <Dialog title="Upload files" description="The choice applies to the files of this upload." close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setIsChecked(true);
          if (error === undefined) onChoose(principals);
        }}
        className="flex flex-col gap-4 text-base"
      >
        <AccessField access={access} onChange={setAccess} error={isChecked ? error : undefined} hasNobody={false} />
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary">
            Choose files
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
