"""Sheets of problems whose numbers come from a seed, and the check of their answers.

In: a topic, a level and a seed. Out: an `Exercise`: questions with answers, worked solutions and
the likely mistakes, each with the answer it leads to. The answers come from the code that explains
(`explain.arithmetic`, `explain.lstm_gradients`, `layers`, `corpus`).

Reading order:

    number_stream       numbers from a text, the same in every version of Python and NumPy
    building            shorthands that topics use to write questions
    topics/             a module per topic: a function of the numbers and the level
    exercise            `exercise`: a sheet; it draws again where a mistake gives the right answer
    formulas            the value of an expression that somebody typed
    readings            what a typed answer may mean
    checking            the comparison with the right answer and with what mistakes give
    sheet_file          the machine-readable sheet, and a class's answers

To add a topic, write a module in `topics/` with a `TOPIC`, and add it to `topics/__init__`.
"""
