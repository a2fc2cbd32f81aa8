"""The words every room shares: money, ids, times, errors, choices; pure."""
