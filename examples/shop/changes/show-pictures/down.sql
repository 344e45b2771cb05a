ALTER TABLE products DROP COLUMN picture_url;
