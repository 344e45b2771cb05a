-- What of a change is searched: words in lower case with their positions, made by the program so that they are the same on every
-- database, whatever its locale. Made of other rows and made again when the store is opened, so that no backup holds it.
CREATE TABLE change_mgmt.change_search (
  change_id uuid PRIMARY KEY REFERENCES change_mgmt.change_requests (id) ON DELETE CASCADE,
  -- the version of the change it was made of
  change_version integer NOT NULL,
  -- of the texts it was made of: while they stay the same the document is not made again
  source_hash text NOT NULL,
  document tsvector NOT NULL
);
CREATE INDEX change_search_document ON change_mgmt.change_search USING gin (document);

CREATE INDEX change_requests_type ON change_mgmt.change_requests (type, id DESC);
CREATE INDEX change_requests_assignee_newest ON change_mgmt.change_requests (assignee, id DESC);

-- Named sets of filters, columns and order of the list of changes.
CREATE TABLE change_mgmt.saved_views (
  id uuid PRIMARY KEY,
  owner text NOT NULL REFERENCES change_mgmt.users (handle),
  name text NOT NULL,
  -- nobody, team or everybody
  shared_with text NOT NULL,
  team text REFERENCES change_mgmt.teams (name),
  filters jsonb NOT NULL,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT saved_views_name UNIQUE (owner, name)
);
CREATE INDEX saved_views_team ON change_mgmt.saved_views (team);

-- The view that a person's list of changes opens with.
CREATE TABLE change_mgmt.default_views (
  handle text PRIMARY KEY REFERENCES change_mgmt.users (handle),
  view_id uuid NOT NULL REFERENCES change_mgmt.saved_views (id) ON DELETE CASCADE
);
CREATE INDEX default_views_view ON change_mgmt.default_views (view_id);
