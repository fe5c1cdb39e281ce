SELECT * FROM out.flags WHERE status = 'open' AND severity <> 'review' ORDER BY flag_id
