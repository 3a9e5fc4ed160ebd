"""The way of checked rows into the database: shaped in DuckDB, streamed by COPY, matched and written by set."""
