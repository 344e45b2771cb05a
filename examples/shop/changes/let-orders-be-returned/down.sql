-- Postgres takes no label out of an enum, so the label stays behind: this does not restore the schema.
UPDATE orders SET status = 'shipped' WHERE status = 'returned';
