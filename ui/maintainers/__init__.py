"""Pages for the people who look after the articles: off unless a setting asks for them, and behind a sign-in."""
