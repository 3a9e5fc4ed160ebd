"""The forms of files: text with delimiters, Excel workbooks, HTML tables and XML sheets that call themselves .xls."""
