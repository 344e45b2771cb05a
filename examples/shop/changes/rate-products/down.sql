ALTER TABLE products DROP COLUMN stars;
