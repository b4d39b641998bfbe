"""What each verb prints in a terminal, a module a verb: tables and sentences of what was found."""
