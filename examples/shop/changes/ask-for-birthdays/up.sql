ALTER TABLE users ADD COLUMN born_on date;
