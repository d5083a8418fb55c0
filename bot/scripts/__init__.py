"""The counsellor's script language: reading, checking, running, drawing."""
