"""Reading: files of a collection in, clean `Article`s out."""
