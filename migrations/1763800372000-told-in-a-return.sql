-- What a return tells is kept with it, so that a release never shows noughts for what nobody was asked.
ALTER TABLE edi.return ADD COLUMN told_characteristics text[];
ALTER TABLE edi.return ADD COLUMN told_stages text[];
COMMENT ON COLUMN edi.return.told_characteristics IS 'Questions that the file holds, by its headings or tables and not by its answers; null: all that this service asks.';
COMMENT ON COLUMN edi.return.told_stages IS 'Stages that the file can tell apart; null: all.';
