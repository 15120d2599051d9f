import { ROLES } from "@treadle/contract";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { AgoCell } from "../../components/cells.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Select } from "../../components/field.tsx";
import { MoreRows } from "../../components/more-rows.tsx";
import { Section } from "../../components/page.tsx";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";
import { ErrorState } from "../../components/states.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useProject, useSession } from "../session/index.ts";
import { InviteForm } from "./invite-form.tsx";
import { type Member, useMembers, useRemoveMember, useUpdateMember } from "./use-projects.ts";

/** Who can open this project, and as what. */
export function MembersPage() {
  const members = useMembers();
  const project = useProject();
  const me = useSession().data?.user.id;
  const [isInviting, setIsInviting] = useState(false);
  const [removed, setRemoved] = useState<Member>();
  const canWrite = project.can("members:write");
  const columns: readonly PlainColumn<Member>[] = [
    {
      id: "who",
      header: "Who",
      cell: ({ userId, name, email }) => (
        <span className="block py-1">
          <bdi className="font-medium [overflow-wrap:anywhere]">{name || email}</bdi>
          {userId === me && <span className="text-muted"> (you)</span>}
          {name && <span className="block break-all text-muted">{email}</span>}
        </span>
      ),
    },
    {
      id: "role",
      header: "Role",
      className: "w-32",
      cell: (member) => (canWrite ? <RoleSelect member={member} /> : member.role),
    },
    { id: "seen", header: "Last seen", isWide: true, cell: ({ lastSeenAt }) => <AgoCell iso={lastSeenAt} /> },
    {
      id: "actions",
      header: <span className="sr-only">Actions</span>,
      isNumber: true,
      cell: (member) =>
        canWrite &&
        member.userId !== me && (
          <Button size="small" kind="danger" aria-label={`Remove ${member.email}`} onClick={() => setRemoved(member)}>
            Remove
          </Button>
        ),
    },
  ];
  const rows = members.data?.pages.flatMap(({ items }) => items);
  const invite = canWrite && (
    <Button kind="primary" onClick={() => setIsInviting(true)}>
      <Plus aria-hidden size={14} /> Invite
    </Button>
  );
  if (members.error && !rows)
    return <ErrorState error={members.error} retry={() => members.refetch()} title="The members could not be loaded" />;
  return (
    <>
      <Section
        title="Members"
        description="Owners and admins may do everything; members build; viewers read."
        action={invite}
      >
        <PlainTable label="Members" columns={columns} rows={rows} idOf={({ userId }) => userId} />
        <MoreRows list={members} />
      </Section>
      {isInviting && <InviteForm close={() => setIsInviting(false)} />}
      {removed && <RemoveMember member={removed} close={() => setRemoved(undefined)} />}
    </>
  );
}

function RoleSelect({ member }: { member: Member }) {
  const update = useUpdateMember();
  return (
    <Select
      aria-label={`Role of ${member.email}`}
      value={update.isPending ? update.variables.role : member.role}
      disabled={update.isPending}
      onChange={(event) => {
        const role = ROLES.find((candidate) => candidate === event.target.value);
        if (role)
          update.mutate(
            { userId: member.userId, role },
            { onSuccess: () => toastDone(`${member.email} is ${role} now`) },
          );
      }}
      className="h-7!"
    >
      {ROLES.map((role) => (
        <option key={role}>{role}</option>
      ))}
    </Select>
  );
}

function RemoveMember({ member, close }: { member: Member; close: () => void }) {
  const remove = useRemoveMember();
  const project = useProject();
  function confirm() {
    remove.mutate(member.userId, {
      onSuccess: () => {
        toastDone(`Removed ${member.email}`);
        close();
      },
    });
  }
  return (
    <ConfirmDialog
      title={`Remove ${member.email}?`}
      verb="Remove the member"
      isBusy={remove.isPending}
      onConfirm={confirm}
      close={close}
    >
      They can no longer open {project.name}, from their next click on. What they made stays. They can be invited again.
    </ConfirmDialog>
  );
}
