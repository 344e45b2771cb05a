-- Until when the search documents are known to be made: a start looks at what was written since, not at all there is. No backup holds it,
-- since none holds the documents.
CREATE TABLE change_mgmt.search_state (
  id integer PRIMARY KEY CHECK (id = 1),
  made_through timestamptz NOT NULL
);
