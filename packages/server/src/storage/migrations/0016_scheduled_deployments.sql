-- Deployments that begin by themselves at a moment to come, in the name of whoever put them down.
CREATE TABLE change_mgmt.scheduled_deployments (
  id uuid PRIMARY KEY,
  change_id uuid NOT NULL REFERENCES change_mgmt.change_requests (id) ON DELETE CASCADE,
  environment text NOT NULL,
  at timestamptz NOT NULL,
  content_hash text NOT NULL,
  scheduled_by text NOT NULL REFERENCES change_mgmt.users (handle),
  created_at timestamptz NOT NULL,
  -- waiting, begun, refused or withdrawn
  state text NOT NULL,
  ended_at timestamptz,
  refusal jsonb
);
CREATE INDEX scheduled_deployments_change ON change_mgmt.scheduled_deployments (change_id, id);
CREATE INDEX scheduled_deployments_by ON change_mgmt.scheduled_deployments (scheduled_by);
CREATE INDEX scheduled_deployments_waiting ON change_mgmt.scheduled_deployments (at) WHERE state = 'waiting';
CREATE UNIQUE INDEX scheduled_deployments_one ON change_mgmt.scheduled_deployments (change_id, environment) WHERE state = 'waiting';
