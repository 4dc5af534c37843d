"""Getting records out of files: read, map, check everything, show, then write all of it or nothing.

decoding, csv_reader and xlsx_reader turn a file into numbered rows; parse_worker runs them in a limited process;
reading is the way to call it. mapping proposes where each column goes, values reads one cell, findings says what is
wrong and what to do. records/ declares what can be imported.
"""
