import { ROLES } from "@treadle/contract";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Select } from "../../../components/form/field.tsx";
import { SettingsCollection } from "../../../components/layout/settings-collection.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { useProject, useSession } from "../session/index.ts";
import { InviteForm } from "./invite-form.tsx";
import { type Member, useMembers, useRemoveMember, useUpdateMember } from "./use-projects.ts";

/** The members of this project and their roles. */
export function MembersPage() {
  const members = useMembers();
  const remove = useRemoveMember();
  const project = useProject();
  const canWrite = project.can("members:write");
  return (
    <SettingsCollection
      title="Members"
      description="Owners and admins have full access. Members can build. Viewers can read."
      query={members}
      items={members.data?.pages.flatMap(({ items }) => items)}
      failure="The members could not be loaded"
      canWrite={canWrite}
      newLabel="Invite"
      isNewInHeader
      list={(items, open) => (
        <>
          <MemberTable members={items} canWrite={canWrite} onRemove={(member) => open("delete", member)} />
          <MoreRows list={members} />
        </>
      )}
      form={(_, close) => <InviteForm close={close} />}
      remove={{
        mutation: remove,
        ask: ({ userId, email }) => ({
          id: userId,
          title: `Remove ${email}?`,
          verb: "Remove member",
          done: `Removed ${email}`,
          words: `They lose access to ${project.name} immediately. Their work remains. You can invite them again.`,
        }),
      }}
    />
  );
}

type TableProps = {
  members: readonly Member[] | undefined;
  canWrite: boolean;
  onRemove: (member: Member) => void;
};

function MemberTable({ members, canWrite, onRemove }: TableProps) {
  const me = useSession().data?.user.userId;
  const columns: readonly PlainColumn<Member>[] = [
    {
      id: "who",
      header: "Member",
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
          <Button size="small" kind="danger" aria-label={`Remove ${member.email}`} onClick={() => onRemove(member)}>
            Remove
          </Button>
        ),
    },
  ];
  return <PlainTable label="Members" columns={columns} rows={members} idOf={({ userId }) => userId} />;
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
            { onSuccess: () => toastDone(`${member.email} is now ${role}`) },
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
