"""The use cases, one function a command, and the one door through which anything is written."""
