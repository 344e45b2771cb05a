-- The sample workspace: whose accounts belong to it, how far the making of its changes has come, and whether it was removed.
CREATE TABLE change_mgmt.sample_workspace (
  id integer PRIMARY KEY CHECK (id = 1),
  -- people, making, made, removing or removed
  state text NOT NULL,
  made_by text NOT NULL,
  changed_at timestamptz NOT NULL
);

CREATE TABLE change_mgmt.sample_changes (
  story text PRIMARY KEY,
  change_id uuid UNIQUE REFERENCES change_mgmt.change_requests (id),
  acts_done integer NOT NULL,
  over boolean NOT NULL
);

ALTER TABLE change_mgmt.users ADD COLUMN is_sample boolean NOT NULL DEFAULT false;

-- The trail outlives what it tells of: its entries name a change by number, also one that was removed with the sample.
ALTER TABLE change_mgmt.audit_trail DROP CONSTRAINT audit_trail_change_id_fkey;
