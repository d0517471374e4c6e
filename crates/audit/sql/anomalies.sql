-- Days that are unlike the rest of their station, and what nobody should have to explain twice.
WITH daily AS (
    SELECT
        station,
        day,
        count(*) AS scans,
        sum(CASE WHEN outcome = 'refused' THEN 1 ELSE 0 END) AS refused
    FROM entries
    WHERE outcome <> 'event'
    GROUP BY station, day
),
usual AS (
    SELECT station, sum(scans) AS scans, sum(refused) AS refused, count(*) AS days
    FROM daily
    GROUP BY station
),
people AS (
    SELECT station, day, person, count(*) AS times
    FROM entries
    WHERE outcome = 'accepted' AND person IS NOT NULL
    GROUP BY station, day, person
)
SELECT d.station, d.day, 'no scan refused, where one in a hundred usually is' AS what, d.scans AS number
FROM daily d JOIN usual u ON d.station = u.station
WHERE d.refused = 0 AND d.scans >= 300 AND u.refused * 100 >= u.scans
UNION ALL
SELECT d.station, d.day, 'refused three times as often as usual', d.refused
FROM daily d JOIN usual u ON d.station = u.station
WHERE d.refused >= 10 AND d.refused * u.scans > 3 * u.refused * d.scans
UNION ALL
SELECT station, day, 'the same person accepted more than ten times', max(times)
FROM people
WHERE times > 10
GROUP BY station, day
UNION ALL
SELECT station, day, 'wrong PINs, five or more', count(*)
FROM entries
WHERE outcome = 'event' AND reason = 'pin_refused'
GROUP BY station, day
HAVING count(*) >= 5
UNION ALL
SELECT station, day, 'the clock was set', count(*)
FROM entries
WHERE outcome = 'event' AND reason = 'clock_jumped'
GROUP BY station, day
ORDER BY station, day, what, number
