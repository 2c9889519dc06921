"""Free verse: poems without a form, character by character or word by word.

Reading order: `characters` and `words` (the generations), `character_text` and `page_rules`
(what may come next), `character_prompt` and `word_prompt` (how a given beginning is read).
"""
