SELECT
    outcome,
    reason,
    count(*) AS scans,
    count(DISTINCT station) AS stations
FROM entries
WHERE outcome IN ('refused', 'cannot_tell')
GROUP BY outcome, reason
ORDER BY scans DESC, outcome, reason
