import type { ReactNode } from "react";
import { Checkbox, Field, NumberInput, TextInput } from "../../../../components/form/field.tsx";
import { LinesField } from "./lines-field.tsx";
import type { Kind, SourceForm } from "./source-form.ts";

type Props = { form: SourceForm; hasSecret: boolean };
type TextProps = {
  form: SourceForm;
  name: "folder" | "repository" | "branch" | "subfolder" | "endpoint" | "region" | "bucket" | "prefix" | "accessKeyId";
  label: string;
  placeholder: string;
  help?: string;
  isOptional?: boolean;
};

const TextSetting = ({ form, name, label, placeholder, help, isOptional = false }: TextProps) => (
  <Field label={label} help={help} isOptional={isOptional} error={form.errors[name]}>
    {(field) => <TextInput {...field} {...form.text(name)} placeholder={placeholder} required={!isOptional} />}
  </Field>
);

type SecretProps = Props & { name: "token" | "secretAccessKey"; label: string; help: string };

const SecretSetting = ({ form, hasSecret, name, label, help }: SecretProps) => (
  <Field label={label} isOptional help={help} error={form.errors[name]}>
    {(field) => (
      <TextInput
        {...field}
        {...form.text(name)}
        type="password"
        autoComplete="off"
        placeholder={hasSecret ? "Stored. Leave empty to keep it." : ""}
      />
    )}
  </Field>
);

type CountProps = { form: SourceForm; name: "maxDepth" | "maxPages" | "delayMs"; label: string; placeholder: string };

const CountSetting = ({ form, name, label, placeholder }: CountProps) => (
  <Field label={label} error={form.errors[name]}>
    {(field) => <NumberInput {...field} {...form.number(name)} placeholder={placeholder} />}
  </Field>
);

const FolderFields = ({ form }: Props) => (
  <TextSetting
    form={form}
    name="folder"
    label="Folder"
    placeholder="/srv/handbook"
    help="An absolute path on the server. The operator lists the allowed folders in TREADLE_KNOWLEDGE_FOLDERS."
  />
);

const CrawlLimits = ({ form }: { form: SourceForm }) => (
  <div className="grid grid-cols-3 gap-4 max-sm:grid-cols-1">
    <CountSetting form={form} name="maxPages" label="Page limit" placeholder="500" />
    <CountSetting form={form} name="maxDepth" label="Link depth" placeholder="3" />
    <CountSetting form={form} name="delayMs" label="Delay (ms)" placeholder="500" />
  </div>
);

const WebFields = ({ form }: Props) => (
  <>
    <LinesField
      label="Start addresses"
      help="One per line: pages or sitemaps. The crawl stays on their hosts and follows robots.txt."
      placeholder="https://www.example.com/help/"
      value={form.values.addresses}
      onChange={(addresses) => form.set({ addresses })}
      error={form.errors.addresses}
    />
    <CrawlLimits form={form} />
    <Checkbox
      label="Read sitemaps"
      checked={form.values.usesSitemap ?? true}
      onChange={({ target }) => form.set({ usesSitemap: target.checked })}
    />
    <LinesField
      label="Further hosts"
      isOptional
      help="One per line. The crawl may also enter these hosts."
      placeholder="docs.example.com"
      value={form.values.hosts}
      onChange={(hosts) => form.set({ hosts })}
      error={form.errors.hosts}
    />
  </>
);

const GitFields = ({ form, hasSecret }: Props) => (
  <>
    <TextSetting
      form={form}
      name="repository"
      label="Repository"
      placeholder="https://github.com/example/handbook.git"
      help="An https address. Only the newest commit is read."
    />
    <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
      <TextSetting form={form} name="branch" label="Branch" placeholder="The default branch" isOptional />
      <TextSetting form={form} name="subfolder" label="Folder" placeholder="docs" isOptional />
    </div>
    <SecretSetting
      form={form}
      hasSecret={hasSecret}
      name="token"
      label="Access token"
      help="For a private repository. It is encrypted and never shown again."
    />
  </>
);

const S3Fields = ({ form, hasSecret }: Props) => (
  <>
    <TextSetting
      form={form}
      name="endpoint"
      label="Endpoint"
      placeholder="https://s3.eu-central-1.amazonaws.com"
      help="The address of S3 or of a store with the same API."
    />
    <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
      <TextSetting form={form} name="bucket" label="Bucket" placeholder="handbook" />
      <TextSetting form={form} name="region" label="Region" placeholder="us-east-1" isOptional />
    </div>
    <TextSetting form={form} name="prefix" label="Prefix" placeholder="docs/" isOptional />
    <TextSetting form={form} name="accessKeyId" label="Access key ID" placeholder="" isOptional />
    <SecretSetting
      form={form}
      hasSecret={hasSecret}
      name="secretAccessKey"
      label="Secret access key"
      help="It is encrypted and never shown again. Leave both empty for a public bucket."
    />
  </>
);

const FIELDS: Readonly<Record<Kind, (props: Props) => ReactNode>> = {
  folder: FolderFields,
  web: WebFields,
  git: GitFields,
  s3: S3Fields,
};

/** The settings of one kind of source. */
export function KindFields({ kind, ...props }: Props & { kind: Kind }) {
  const Fields = FIELDS[kind];
  return <Fields {...props} />;
}
