-- Deployments that rollback triggers look at, each as it was judged last; what changes something is in the audit trail.
CREATE TABLE change_mgmt.deployment_watches (
  deployment_id uuid PRIMARY KEY REFERENCES change_mgmt.deployments (id) ON DELETE CASCADE,
  change_id uuid NOT NULL REFERENCES change_mgmt.change_requests (id) ON DELETE CASCADE,
  environment text NOT NULL,
  -- watching, held, asking, triggered; or over: rolling-back, passed, ended
  state text NOT NULL,
  watch jsonb NOT NULL,
  -- titles of triggers that nothing measures there
  unmeasured text[] NOT NULL,
  -- by trigger: how it is measured, and what the measuring remembers
  measures jsonb NOT NULL,
  interval_seconds integer NOT NULL,
  began_at timestamptz NOT NULL,
  until timestamptz NOT NULL,
  next_at timestamptz NOT NULL,
  -- evaluations that were asked for, and the last one that was made
  asked integer NOT NULL DEFAULT 0,
  evaluated integer NOT NULL DEFAULT 0,
  ended_at timestamptz,
  ended_by text,
  reason text,
  -- why a rollback that was set off could not begin yet
  refusal jsonb
);
CREATE INDEX deployment_watches_change ON change_mgmt.deployment_watches (change_id);
CREATE INDEX deployment_watches_due ON change_mgmt.deployment_watches (next_at) WHERE ended_at IS NULL;
