-- Tickets of component boards that belong to changes, with the folder in which ticket and change were last seen in step.
CREATE TABLE change_mgmt.tickets (
  id uuid PRIMARY KEY,
  change_id uuid NOT NULL REFERENCES change_mgmt.change_requests (id) ON DELETE CASCADE,
  component text NOT NULL,
  -- The file's name without its ending.
  key text NOT NULL,
  -- todo, in-progress or done
  folder text NOT NULL,
  linked_by text NOT NULL REFERENCES change_mgmt.users (handle),
  linked_at timestamptz NOT NULL,
  synced_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX tickets_key ON change_mgmt.tickets (component, key);
CREATE INDEX tickets_change ON change_mgmt.tickets (change_id);
CREATE INDEX tickets_linked_by ON change_mgmt.tickets (linked_by);
