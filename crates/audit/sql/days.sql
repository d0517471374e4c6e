SELECT
    day,
    count(DISTINCT station) AS stations,
    count(*) AS scans,
    sum(CASE WHEN outcome = 'refused' THEN 1 ELSE 0 END) AS refused
FROM entries
WHERE outcome <> 'event'
GROUP BY day
ORDER BY day
