"""The words for people: which languages there are, their texts, and how they write numbers and times."""
