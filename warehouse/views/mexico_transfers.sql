CREATE VIEW out.mexico_transfers AS
SELECT * FROM out.transfers WHERE destination_country = 'MX';
