"""From pronunciations to metre.

Reading order: `parts_of_speech`, `features`, `candidates`, `poem_prior`, `grammar`, `decoding`,
`poem_model`, `feet`, `scanner`.
"""
