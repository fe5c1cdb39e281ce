-- title: Late reports
-- question: Which reports should exist by now, and by how many days are they late?
-- not: Late means not in this archive; the publisher may have published it where we do not look.
SELECT source_id, source_title, period, due_on, late_days
FROM out.coverage
WHERE is_late
ORDER BY late_days DESC, source_id, period
