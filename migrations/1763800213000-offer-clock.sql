-- The queue whose job lets offers lapse. The numbers are those of src/kernel/jobs/queues.ts; a test compares them.
SELECT pgboss.create_queue('offer.clock', '{"policy": "standard", "retryLimit": 3, "retryDelay": 5, "retryBackoff": true, "expireInSeconds": 300, "retentionMinutes": 60}');
