-- The queue whose job mixes the answers of the last days each night. The numbers are those of src/kernel/jobs/queues.ts; a test compares
-- them.
SELECT pgboss.create_queue('diversity.mix', '{"policy": "standard", "retryLimit": 5, "retryDelay": 60, "retryBackoff": true, "expireInSeconds": 900, "retentionMinutes": 1440}');
