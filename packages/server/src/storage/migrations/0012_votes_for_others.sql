-- Whose vote it is where a stand-in cast it; and that it was taken back before anything was decided by it.
ALTER TABLE change_mgmt.change_approvals ADD COLUMN given_for text;
ALTER TABLE change_mgmt.change_approvals ADD COLUMN withdrawn_at timestamptz;
ALTER TABLE change_mgmt.change_approvals ADD COLUMN withdrawn_by text;

-- A person is heard once for a requirement and content, by their own hand or by another's, whatever runs at once.
DROP INDEX change_mgmt.change_approvals_once;
CREATE INDEX change_approvals_change ON change_mgmt.change_approvals (change_id, created_at, id);
CREATE UNIQUE INDEX change_approvals_once
  ON change_mgmt.change_approvals (change_id, requirement, coalesce(environment, ''), voter, content_hash)
  WHERE withdrawn_at IS NULL;
CREATE UNIQUE INDEX change_approvals_once_for
  ON change_mgmt.change_approvals (change_id, requirement, coalesce(environment, ''), coalesce(given_for, voter), content_hash)
  WHERE withdrawn_at IS NULL;

-- Who votes for whom, and when. A row is kept when its time is over, because votes that were cast in it stand.
CREATE TABLE change_mgmt.delegations (
  id uuid PRIMARY KEY,
  person text NOT NULL REFERENCES change_mgmt.users (handle),
  delegate text NOT NULL REFERENCES change_mgmt.users (handle),
  from_at timestamptz NOT NULL,
  until_at timestamptz NOT NULL,
  reason text,
  made_by text NOT NULL,
  created_at timestamptz NOT NULL,
  ended_at timestamptz,
  ended_by text
);
CREATE INDEX delegations_person ON change_mgmt.delegations (person, until_at);
CREATE INDEX delegations_delegate ON change_mgmt.delegations (delegate);
