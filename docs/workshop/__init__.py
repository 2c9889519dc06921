"""What the pages of the documentation are made with; not part of the site."""
