"""Files that applicants hand in: inspected in a child process, kept out of the web's reach."""
