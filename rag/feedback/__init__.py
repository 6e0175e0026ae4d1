"""What readers say about replies: kept in a database of the site's choice, turned into evaluation candidates."""
