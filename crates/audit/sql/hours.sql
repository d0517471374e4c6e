SELECT
    CAST(date_part('hour', at) AS INT) AS hour_utc,
    count(*) AS scans,
    sum(CASE WHEN outcome = 'refused' THEN 1 ELSE 0 END) AS refused
FROM entries
WHERE outcome <> 'event'
GROUP BY CAST(date_part('hour', at) AS INT)
ORDER BY hour_utc
