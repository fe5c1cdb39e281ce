-- What matching needed and nobody else.
DROP TABLE parties; DROP TABLE read_parties; DROP TABLE asked_texts; DROP TABLE asked_dates;
DROP TABLE text_readings; DROP TABLE text_units
