import { SEARCH_MODES, type SearchMode } from "@treadle/contract";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "../../../../components/form/button.tsx";
import { Choice } from "../../../../components/form/choice.tsx";
import { Field, Select, TextInput } from "../../../../components/form/field.tsx";
import type { QuerySearch } from "../shared/knowledge-search.ts";
import { readPrincipals } from "../shared/read-principals.ts";
import type { Base } from "../shared/use-bases.ts";
import { useVersionChoices } from "../shared/use-versions.ts";
import { LIMITS, limitOf } from "./search-columns.ts";

const MODE_WORDS: Readonly<Record<SearchMode, string>> = { hybrid: "Hybrid", words: "Words", meaning: "Meaning" };

type FormProps = { base: Base; mode: SearchMode; address: QuerySearch; onChange: (next: QuerySearch) => void };

/** The query and its settings. The choices apply immediately, the texts when the form is sent. */
export function SearchForm({ base, mode, address, onChange }: FormProps) {
  const [query, setQuery] = useState(address.q ?? "");
  const [as, setAs] = useState(address.as ?? "");
  const { error } = readPrincipals(as, ",");
  function submit(event: FormEvent) {
    event.preventDefault();
    if (error === undefined && query.trim()) onChange({ q: query.trim(), as: as.trim() || undefined });
  }
  return (
    <form onSubmit={submit} className="card flex flex-col gap-3 p-4">
      <QueryLine query={query} onChange={setQuery} />
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <ModeField base={base} mode={mode} onChange={onChange} />
        <VersionField base={base} value={address.version} onChange={(version) => onChange({ version })} />
        <LimitField value={limitOf(address)} onChange={(limit) => onChange({ limit })} />
        <PrincipalsField value={as} error={error} onChange={setAs} />
      </div>
    </form>
  );
}

const QueryLine = ({ query, onChange }: { query: string; onChange: (query: string) => void }) => (
  <div className="flex gap-2">
    <TextInput
      type="search"
      aria-label="Query"
      placeholder="How many days does a refund take?"
      value={query}
      maxLength={10_000}
      onChange={({ target }) => onChange(target.value)}
      autoFocus
    />
    <Button type="submit" kind="primary">
      Search
    </Button>
  </div>
);

const ModeField = ({ base, mode, onChange }: Pick<FormProps, "base" | "mode" | "onChange">) => (
  <Setting label="Mode">
    <Choice
      label="Mode"
      names={SEARCH_MODES}
      words={MODE_WORDS}
      chosen={mode}
      onChoose={(next) => onChange({ mode: next === base.searching.mode ? undefined : next })}
    />
  </Setting>
);

const Setting = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="flex flex-col gap-1">
    <span aria-hidden className="text-sm font-medium">
      {label}
    </span>
    {children}
  </div>
);

type LimitProps = { value: ReturnType<typeof limitOf>; onChange: (limit: string) => void };

const LimitField = ({ value, onChange }: LimitProps) => (
  <Field label="Limit" className="w-20">
    {(field) => (
      <Select {...field} value={value} onChange={({ target }) => onChange(target.value)}>
        {LIMITS.map((limit) => (
          <option key={limit}>{limit}</option>
        ))}
      </Select>
    )}
  </Field>
);

type PrincipalsProps = { value: string; error: string | undefined; onChange: (value: string) => void };

const PrincipalsField = ({ value, error, onChange }: PrincipalsProps) => (
  <Field
    label="Search as"
    isOptional
    className="min-w-60 flex-1"
    error={error}
    help="Principals, separated by commas. Public documents are always included."
  >
    {(field) => (
      <TextInput
        {...field}
        value={value}
        placeholder="group:support, user:ada"
        onChange={({ target }) => onChange(target.value)}
      />
    )}
  </Field>
);

type VersionProps = { base: Base; value: string | undefined; onChange: (version: string | undefined) => void };

function VersionField({ base: { knowledgeBaseId, liveVersion }, value, onChange }: VersionProps) {
  const versions = useVersionChoices(knowledgeBaseId).data ?? [];
  const isListed = value === undefined || versions.some(({ version }) => String(version) === value);
  return (
    <Field label="Version" className="w-36">
      {(field) => (
        <Select {...field} value={value ?? ""} onChange={({ target }) => onChange(target.value || undefined)}>
          <option value="">{liveVersion === null ? "None is live" : `Live (${liveVersion})`}</option>
          {!isListed && <option value={value}>{value}</option>}
          {versions.map(({ version }) => (
            <option key={version} value={version}>
              Version {version}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
