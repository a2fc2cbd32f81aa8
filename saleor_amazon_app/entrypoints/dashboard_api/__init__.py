"""Our own GraphQL API: what the pages in the dashboard, and merchants' scripts, ask and say."""
