"""The benchmark harness: the platform against a bare route on the same SQL, in the same run."""
