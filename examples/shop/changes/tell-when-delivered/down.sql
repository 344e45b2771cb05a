ALTER TABLE orders DROP COLUMN delivered_at;
