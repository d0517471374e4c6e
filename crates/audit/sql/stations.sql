SELECT
    station,
    count(*) AS entries,
    sum(CASE WHEN outcome = 'accepted' THEN 1 ELSE 0 END) AS accepted,
    sum(CASE WHEN outcome = 'refused' THEN 1 ELSE 0 END) AS refused,
    sum(CASE WHEN outcome = 'cannot_tell' THEN 1 ELSE 0 END) AS cannot_tell,
    sum(CASE WHEN outcome = 'event' THEN 1 ELSE 0 END) AS events,
    count(DISTINCT day) AS days,
    min(day) AS first_day,
    max(day) AS last_day
FROM entries
GROUP BY station
ORDER BY station
