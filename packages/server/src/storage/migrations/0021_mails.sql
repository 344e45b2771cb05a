-- What was mailed to whom about which event: written before it is sent, so that nobody gets it twice.
CREATE TABLE change_mgmt.mails (
  event_key text NOT NULL,
  handle text NOT NULL REFERENCES change_mgmt.users (handle),
  sent_at timestamptz NOT NULL,
  PRIMARY KEY (event_key, handle)
);
CREATE INDEX mails_handle ON change_mgmt.mails (handle);
CREATE INDEX mails_sent ON change_mgmt.mails (sent_at);
