"""The subcommands of `citewell eval`: one file each, with its options and what it prints."""
