SELECT
    station,
    operator,
    count(*) AS scans,
    sum(CASE WHEN outcome = 'refused' THEN 1 ELSE 0 END) AS refused
FROM entries
WHERE outcome <> 'event' AND operator IS NOT NULL
GROUP BY station, operator
ORDER BY station, operator
