ALTER TABLE orders ADD COLUMN note text
  CONSTRAINT orders_note_is_short CHECK (length(note) <= 500);

COMMENT ON COLUMN orders.note IS 'What the customer wants whoever packs it to know';
