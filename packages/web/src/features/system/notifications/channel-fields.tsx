import { Field, NumberInput, Select, TextInput } from "../../../components/form/field.tsx";
import type { TargetDraft } from "./channel-target.ts";

type FieldsProps = {
  draft: TargetDraft;
  errors: Readonly<Record<string, string>>;
  change: (changes: Partial<TargetDraft>) => void;
  /** Whether the channel exists: an empty secret then stays as it is. */
  isStored: boolean;
};
type TextProps = FieldsProps & {
  name: Exclude<keyof TargetDraft, "kind" | "security">;
  label: string;
  help?: string;
  placeholder?: string;
  isSecret?: boolean;
  isOptional?: boolean;
};

/** The fields of one kind of channel. */
export function ChannelFields(props: FieldsProps) {
  switch (props.draft.kind) {
    case "webhook":
      return <WebhookFields {...props} />;
    case "slack":
      return <SlackFields {...props} />;
    case "teams":
      return <TeamsFields {...props} />;
    case "pagerduty":
      return <PagerDutyFields {...props} />;
    case "email":
      return <MailFields {...props} />;
    default:
      return props.draft.kind satisfies never;
  }
}

const SlackFields = (props: FieldsProps) => (
  <Text
    {...props}
    name="url"
    label="Webhook URL"
    isSecret
    placeholder="https://hooks.slack.com/services/…"
    help="The URL of an incoming webhook of your Slack app."
  />
);

const TeamsFields = (props: FieldsProps) => (
  <Text
    {...props}
    name="url"
    label="Workflow URL"
    isSecret
    help="The URL of a Teams workflow that starts when a webhook request is received."
  />
);

function Text({ draft, errors, change, isStored, name, label, help, placeholder, isSecret, isOptional }: TextProps) {
  const stored = isSecret && isStored ? " Leave empty to use the stored value." : "";
  return (
    <Field
      label={label}
      help={help || stored ? `${help ?? ""}${stored}` : undefined}
      error={errors[name]}
      isOptional={isOptional}
    >
      {(field) => (
        <TextInput
          {...field}
          value={draft[name]}
          type={isSecret ? "password" : "text"}
          autoComplete="off"
          placeholder={placeholder}
          onChange={({ target }) => change({ [name]: target.value })}
        />
      )}
    </Field>
  );
}

function WebhookFields(props: FieldsProps) {
  return (
    <>
      <Text {...props} name="url" label="URL" placeholder="https://hooks.example.com/treadle" />
      <Text
        {...props}
        name="secret"
        label="Signing secret"
        isSecret
        isOptional
        help={
          props.isStored ? "whsec_ and 24 to 64 bytes in base64." : "Created if you leave it empty. It is shown once."
        }
      />
    </>
  );
}

function PagerDutyFields(props: FieldsProps) {
  return (
    <>
      <Text
        {...props}
        name="routingKey"
        label="Integration key"
        isSecret
        help="The key of an Events API v2 integration."
      />
      <Text
        {...props}
        name="url"
        label="Events URL"
        isOptional
        placeholder="https://events.pagerduty.com/v2/enqueue"
        help="Change it for the EU region: https://events.eu.pagerduty.com/v2/enqueue"
      />
    </>
  );
}

function MailFields(props: FieldsProps) {
  return (
    <>
      <Text {...props} name="to" label="Recipients" placeholder="ada@example.com, oncall@example.com" />
      <Text {...props} name="from" label="Sender" placeholder="treadle@example.com" />
      <ServerFields {...props} />
      <Text {...props} name="username" label="User" isOptional />
      <Text {...props} name="password" label="Password" isSecret isOptional />
    </>
  );
}

function ServerFields(props: FieldsProps) {
  const { draft, errors, change } = props;
  return (
    <>
      <div className="grid grid-cols-[1fr_6rem] gap-3">
        <Text {...props} name="host" label="SMTP server" placeholder="smtp.example.com" />
        <Field label="Port" error={errors.port}>
          {(field) => (
            <NumberInput {...field} value={draft.port} onChange={({ target }) => change({ port: target.value })} />
          )}
        </Field>
      </div>
      <Field label="Encryption" error={errors.security}>
        {(field) => (
          <Select
            {...field}
            value={draft.security}
            onChange={({ target }) => change({ security: target.value as TargetDraft["security"] })}
          >
            <option value="starttls">STARTTLS (usually port 587)</option>
            <option value="tls">TLS (usually port 465)</option>
            <option value="none">None, without sign-in</option>
          </Select>
        )}
      </Field>
    </>
  );
}
