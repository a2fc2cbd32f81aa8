"""The queue: kinds of jobs, their queue and the policy of retries."""
