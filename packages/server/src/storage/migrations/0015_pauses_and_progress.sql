-- Who wants a deployment to pause, until somebody lets it go on; and how far a step that goes through a table in batches has come.
ALTER TABLE change_mgmt.deployments
  ADD COLUMN paused_by text,
  ADD COLUMN pause_reason text,
  ADD COLUMN paused_at timestamptz;
ALTER TABLE change_mgmt.deployment_steps ADD COLUMN progress jsonb;
