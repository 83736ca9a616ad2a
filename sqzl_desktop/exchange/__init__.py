"""Files in and out: sheets, headings, rows and reports. No store, no Qt."""
