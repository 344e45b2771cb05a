-- Files that people attach to changes. The bytes are kept once, by their SHA-256 in hex, whoever attaches them and how often; in pieces, so
-- that neither a download nor a backup holds a whole file.
CREATE TABLE change_mgmt.attachment_contents (
  sha256 text PRIMARY KEY,
  size integer NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE TABLE change_mgmt.attachment_pieces (
  sha256 text NOT NULL REFERENCES change_mgmt.attachment_contents (sha256),
  position integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (sha256, position)
);
-- Pieces are what is left after recognising and, mostly, compressing: Postgres need not try again.
ALTER TABLE change_mgmt.attachment_pieces ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE change_mgmt.attachments (
  id uuid PRIMARY KEY,
  change_id uuid NOT NULL REFERENCES change_mgmt.change_requests (id),
  name text NOT NULL,
  -- what the sender called it, and what its bytes are
  declared_type text,
  type text NOT NULL,
  size integer NOT NULL,
  -- stays when the attachment is removed
  sha256 text NOT NULL,
  -- where the bytes are; null once the attachment is removed
  content text REFERENCES change_mgmt.attachment_contents (sha256),
  attached_by text NOT NULL REFERENCES change_mgmt.users (handle),
  created_at timestamptz NOT NULL,
  removed_by text REFERENCES change_mgmt.users (handle),
  removed_at timestamptz
);
CREATE INDEX attachments_change ON change_mgmt.attachments (change_id, id);
CREATE INDEX attachments_content ON change_mgmt.attachments (content);
CREATE INDEX attachments_attached_by ON change_mgmt.attachments (attached_by);
CREATE INDEX attachments_removed_by ON change_mgmt.attachments (removed_by);

-- What a comment names: id, name, type, size and hash of each file as it was then.
ALTER TABLE change_mgmt.change_comments ADD COLUMN files jsonb NOT NULL DEFAULT '[]';
