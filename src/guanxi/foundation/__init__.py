"""Parts without business words: who acts, transactions, events, jobs, pages, lists. See docs/map.md."""
