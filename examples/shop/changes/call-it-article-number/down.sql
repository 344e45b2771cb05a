ALTER TABLE products RENAME COLUMN article_number TO sku;
