ALTER TABLE products ADD COLUMN picture_url text
  CONSTRAINT products_picture_is_https CHECK (picture_url LIKE 'https://%');
