-- The product's own tables. People are referenced by handle, which never changes. Times are timestamptz, keys uuid v7 or text.
CREATE SCHEMA IF NOT EXISTS change_mgmt;
REVOKE ALL ON SCHEMA change_mgmt FROM PUBLIC;

CREATE TABLE change_mgmt.users (
  id uuid PRIMARY KEY,
  handle text NOT NULL UNIQUE,
  name text NOT NULL,
  email text,
  disabled_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE change_mgmt.user_roles (
  handle text NOT NULL REFERENCES change_mgmt.users (handle),
  role text NOT NULL,
  PRIMARY KEY (handle, role)
);

CREATE TABLE change_mgmt.teams (
  id uuid PRIMARY KEY,
  name text NOT NULL UNIQUE,
  title text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE change_mgmt.team_members (
  team text NOT NULL REFERENCES change_mgmt.teams (name),
  handle text NOT NULL REFERENCES change_mgmt.users (handle),
  PRIMARY KEY (team, handle)
);
CREATE INDEX team_members_handle ON change_mgmt.team_members (handle);

CREATE TABLE change_mgmt.user_positions (
  id uuid PRIMARY KEY,
  handle text NOT NULL REFERENCES change_mgmt.users (handle),
  position text NOT NULL,
  team text REFERENCES change_mgmt.teams (name)
);
CREATE INDEX user_positions_handle ON change_mgmt.user_positions (handle);
CREATE INDEX user_positions_team ON change_mgmt.user_positions (team);

-- Only hashes of secrets are kept.
CREATE TABLE change_mgmt.api_tokens (
  id uuid PRIMARY KEY,
  handle text NOT NULL REFERENCES change_mgmt.users (handle),
  name text NOT NULL,
  secret_hash text NOT NULL UNIQUE,
  scopes text[],
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX api_tokens_handle ON change_mgmt.api_tokens (handle);

CREATE TABLE change_mgmt.sign_in_links (
  id uuid PRIMARY KEY,
  handle text NOT NULL REFERENCES change_mgmt.users (handle),
  code_hash text NOT NULL UNIQUE,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX sign_in_links_handle ON change_mgmt.sign_in_links (handle);

-- A sequence belongs to its prefix and year; the row lock is held only by those who take a number from the same one.
CREATE TABLE change_mgmt.number_sequences (
  scope text PRIMARY KEY,
  last bigint NOT NULL
);

-- Every process version that was ever in force, whole, so that a pinned one is never lost.
CREATE TABLE change_mgmt.processes (
  hash text PRIMARY KEY,
  name text NOT NULL,
  version integer NOT NULL,
  document jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX processes_name ON change_mgmt.processes (name, created_at);

CREATE TABLE change_mgmt.change_requests (
  id uuid PRIMARY KEY,
  number text NOT NULL UNIQUE,
  process_name text NOT NULL,
  process_version integer NOT NULL,
  process_hash text NOT NULL REFERENCES change_mgmt.processes (hash),
  title text NOT NULL,
  description text NOT NULL,
  type text NOT NULL,
  priority text NOT NULL,
  requester text NOT NULL REFERENCES change_mgmt.users (handle),
  assignee text REFERENCES change_mgmt.users (handle),
  team text REFERENCES change_mgmt.teams (name),
  status text NOT NULL,
  breaking boolean NOT NULL DEFAULT false,
  components text[] NOT NULL DEFAULT '{}',
  -- fields, assessment, facts and environments of the change
  metadata jsonb NOT NULL,
  artifacts jsonb NOT NULL,
  content_hash text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
-- Lists run by keyset over the id, which is a UUIDv7 and so in order of creation.
CREATE INDEX change_requests_status ON change_mgmt.change_requests (status, id DESC);
CREATE INDEX change_requests_team ON change_mgmt.change_requests (team, id DESC);
CREATE INDEX change_requests_requester ON change_mgmt.change_requests (requester, id DESC);
CREATE INDEX change_requests_assignee ON change_mgmt.change_requests (assignee);
CREATE INDEX change_requests_process ON change_mgmt.change_requests (process_hash);
CREATE INDEX change_requests_components ON change_mgmt.change_requests USING gin (components);

CREATE TABLE change_mgmt.workflow_states (
  change_id uuid PRIMARY KEY REFERENCES change_mgmt.change_requests (id),
  -- the stage of the process
  current_step text NOT NULL,
  -- the checklist with its completions and evidence
  step_data jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE change_mgmt.change_approvals (
  id uuid PRIMARY KEY,
  change_id uuid NOT NULL REFERENCES change_mgmt.change_requests (id),
  requirement text NOT NULL,
  environment text,
  voter text NOT NULL REFERENCES change_mgmt.users (handle),
  decision text NOT NULL,
  comment text,
  content_hash text NOT NULL,
  created_at timestamptz NOT NULL
);
-- A person's vote counts once for a requirement and content, whatever runs at once.
CREATE UNIQUE INDEX change_approvals_once
  ON change_mgmt.change_approvals (change_id, requirement, coalesce(environment, ''), voter, content_hash);
CREATE INDEX change_approvals_voter ON change_mgmt.change_approvals (voter);

CREATE TABLE change_mgmt.change_comments (
  id uuid PRIMARY KEY,
  change_id uuid NOT NULL REFERENCES change_mgmt.change_requests (id),
  author text NOT NULL REFERENCES change_mgmt.users (handle),
  text text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX change_comments_change ON change_mgmt.change_comments (change_id, id);
CREATE INDEX change_comments_author ON change_mgmt.change_comments (author);

-- One row a move from stage to stage.
CREATE TABLE change_mgmt.change_history (
  id uuid PRIMARY KEY,
  change_id uuid NOT NULL REFERENCES change_mgmt.change_requests (id),
  from_stage text NOT NULL,
  to_stage text NOT NULL,
  from_status text NOT NULL,
  to_status text NOT NULL,
  trigger text NOT NULL,
  actor text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX change_history_change ON change_mgmt.change_history (change_id, id);

CREATE TABLE change_mgmt.change_environments (
  change_id uuid NOT NULL REFERENCES change_mgmt.change_requests (id),
  environment text NOT NULL,
  state text NOT NULL,
  deployment_id uuid,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (change_id, environment)
);

CREATE TABLE change_mgmt.configurations (
  version integer PRIMARY KEY,
  hash text NOT NULL,
  document jsonb NOT NULL,
  file_name text NOT NULL,
  file_text text NOT NULL,
  -- where relative working folders of its commands start from
  folder text,
  -- the migrations the databases were built from, where they were handed in
  history jsonb,
  change_id uuid REFERENCES change_mgmt.change_requests (id),
  imported_by text NOT NULL REFERENCES change_mgmt.users (handle),
  created_at timestamptz NOT NULL
);
CREATE INDEX configurations_change ON change_mgmt.configurations (change_id);
CREATE INDEX configurations_imported_by ON change_mgmt.configurations (imported_by);

CREATE TABLE change_mgmt.rehearsals (
  change_id uuid NOT NULL REFERENCES change_mgmt.change_requests (id),
  artifact text NOT NULL,
  content_hash text NOT NULL,
  outcome text NOT NULL,
  report jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (change_id, content_hash, artifact)
);

CREATE TABLE change_mgmt.validation_reports (
  id uuid PRIMARY KEY,
  change_id uuid NOT NULL REFERENCES change_mgmt.change_requests (id),
  content_hash text NOT NULL,
  kind text NOT NULL,
  commit_id text NOT NULL,
  passed integer NOT NULL,
  failed integer NOT NULL,
  summary text,
  reported_by text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX validation_reports_change ON change_mgmt.validation_reports (change_id, id);

CREATE TABLE change_mgmt.deployments (
  id uuid PRIMARY KEY,
  change_id uuid NOT NULL REFERENCES change_mgmt.change_requests (id),
  environment text NOT NULL,
  direction text NOT NULL,
  state text NOT NULL,
  attempt integer NOT NULL DEFAULT 0,
  content_hash text NOT NULL,
  -- what is carried out, as it was approved, and the environment as it was configured
  plan jsonb NOT NULL,
  reason text,
  requested_by text NOT NULL REFERENCES change_mgmt.users (handle),
  requested_at timestamptz NOT NULL,
  started_at timestamptz,
  finished_at timestamptz,
  cancelled_by text,
  cancel_reason text,
  -- while a step waits to be tried again
  retry_at timestamptz,
  target_state text,
  refusal jsonb
);
CREATE INDEX deployments_change ON change_mgmt.deployments (change_id, id DESC);
CREATE INDEX deployments_requested_by ON change_mgmt.deployments (requested_by);
-- One deployment at a time per environment: the database itself refuses a second.
CREATE UNIQUE INDEX deployments_one_per_environment
  ON change_mgmt.deployments (environment)
  WHERE state IN ('requested', 'running', 'waiting');

CREATE TABLE change_mgmt.deployment_steps (
  deployment_id uuid NOT NULL REFERENCES change_mgmt.deployments (id),
  step text NOT NULL,
  position integer NOT NULL,
  title text NOT NULL,
  state text NOT NULL,
  attempt integer NOT NULL,
  started_at timestamptz,
  finished_at timestamptz,
  message text,
  output jsonb,
  PRIMARY KEY (deployment_id, step)
);

CREATE TABLE change_mgmt.deployment_output (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  deployment_id uuid NOT NULL REFERENCES change_mgmt.deployments (id),
  step text NOT NULL,
  line text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX deployment_output_deployment ON change_mgmt.deployment_output (deployment_id, id);

CREATE TABLE change_mgmt.sign_offs (
  deployment_id uuid NOT NULL REFERENCES change_mgmt.deployments (id),
  step text NOT NULL,
  signed_by text NOT NULL REFERENCES change_mgmt.users (handle),
  note text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (deployment_id, step)
);
CREATE INDEX sign_offs_signed_by ON change_mgmt.sign_offs (signed_by);

CREATE TABLE change_mgmt.schema_snapshots (
  id uuid PRIMARY KEY,
  environment text NOT NULL,
  hash text NOT NULL,
  model jsonb NOT NULL,
  purpose text NOT NULL,
  deployment_id uuid REFERENCES change_mgmt.deployments (id),
  created_at timestamptz NOT NULL
);
CREATE INDEX schema_snapshots_environment ON change_mgmt.schema_snapshots (environment, id DESC);
CREATE INDEX schema_snapshots_deployment ON change_mgmt.schema_snapshots (deployment_id);

-- What must be exclusive is a row with an end, so that it also works through a transaction-mode pooler.
CREATE TABLE change_mgmt.leases (
  resource text PRIMARY KEY,
  holder text NOT NULL,
  fence bigint NOT NULL,
  expires_at timestamptz NOT NULL
);

CREATE TABLE change_mgmt.outbox (
  id uuid PRIMARY KEY,
  event text NOT NULL,
  change_id uuid,
  payload jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz
);
CREATE INDEX outbox_unsent ON change_mgmt.outbox (id) WHERE sent_at IS NULL;
CREATE INDEX outbox_sent ON change_mgmt.outbox (sent_at) WHERE sent_at IS NOT NULL;

CREATE TABLE change_mgmt.idempotency_keys (
  actor text NOT NULL,
  key text NOT NULL,
  command text NOT NULL,
  input_hash text NOT NULL,
  result jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_keys_created ON change_mgmt.idempotency_keys (created_at);

-- The audit trail. An entry is chained into its stream when it commits and sealed into the one global chain afterwards.
CREATE TABLE change_mgmt.audit_streams (
  stream text PRIMARY KEY,
  last_seq bigint NOT NULL,
  last_hash text NOT NULL,
  last_time timestamptz NOT NULL
);

CREATE TABLE change_mgmt.audit_trail (
  id uuid PRIMARY KEY,
  change_id uuid REFERENCES change_mgmt.change_requests (id),
  action text NOT NULL,
  actor text NOT NULL,
  details jsonb,
  -- the entry in canonical form, byte for byte as it was hashed
  entry text NOT NULL,
  hash text NOT NULL,
  stream text NOT NULL,
  stream_seq bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  seq bigint UNIQUE,
  prev text,
  chain text,
  UNIQUE (stream, stream_seq)
);
CREATE INDEX audit_trail_unsealed ON change_mgmt.audit_trail (created_at, stream, stream_seq) WHERE seq IS NULL;
CREATE INDEX audit_trail_change ON change_mgmt.audit_trail (change_id, id DESC);
CREATE INDEX audit_trail_actor ON change_mgmt.audit_trail (actor, id DESC);
CREATE INDEX audit_trail_action ON change_mgmt.audit_trail (action, id DESC);

CREATE TABLE change_mgmt.audit_head (
  id integer PRIMARY KEY CHECK (id = 1),
  head jsonb NOT NULL
);

CREATE TABLE change_mgmt.audit_seals (
  size bigint PRIMARY KEY,
  seal jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE change_mgmt.audit_keys (
  key_id text PRIMARY KEY,
  public_key text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Entries are written once; the only later change is that of the sealer, once.
CREATE FUNCTION change_mgmt.audit_trail_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.seq IS NULL AND NEW.seq IS NOT NULL
     AND (NEW.id, NEW.entry, NEW.hash, NEW.stream, NEW.stream_seq, NEW.created_at, NEW.action, NEW.actor)
       IS NOT DISTINCT FROM (OLD.id, OLD.entry, OLD.hash, OLD.stream, OLD.stream_seq, OLD.created_at, OLD.action, OLD.actor)
     AND NEW.change_id IS NOT DISTINCT FROM OLD.change_id AND NEW.details IS NOT DISTINCT FROM OLD.details THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER audit_trail_append_only BEFORE UPDATE OR DELETE ON change_mgmt.audit_trail
  FOR EACH ROW EXECUTE FUNCTION change_mgmt.audit_trail_is_append_only();
CREATE TRIGGER audit_trail_no_truncate BEFORE TRUNCATE ON change_mgmt.audit_trail
  FOR EACH STATEMENT EXECUTE FUNCTION change_mgmt.audit_trail_is_append_only();
