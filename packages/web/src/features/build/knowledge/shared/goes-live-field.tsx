import { Checkbox } from "../../../../components/form/field.tsx";

type FieldProps = { isOn: boolean; onChange: (isOn: boolean) => void };

/** Whether a version becomes live when its build succeeds. */
export const GoesLiveField = ({ isOn, onChange }: FieldProps) => (
  <div>
    <Checkbox label="New versions go live" checked={isOn} onChange={({ target }) => onChange(target.checked)} />
    <p className="mt-0.5 pl-6 text-xs text-muted text-pretty">
      Turn this off to check a version before your applications search it.
    </p>
  </div>
);
