"""Experiments with a few controls: what each layer does as its sizes and inputs change.

In: the name of a topic and the values of its controls. Out: a `Demonstration`: the numbers to
draw, formulas with these numbers, the lines of Python that give them. The numbers come from
`layers` and from the other folders of `explain`.

Reading order:

    state           values of controls: checked, read from text
    topics          the table of topics; `demonstrate`
    grid            all states of a page without a server
    convolution     a kernel that slides over an image; and a module for each other topic

To add a topic, write a module with

    TITLE, LEAD     strings
    CONTROLS        a tuple of `Slider`, `Choice`, `TextField` and `GridField`
    GRID            names of controls -> the values that a page without a server offers; at most
                    about 3,000 combinations. A control that isn't in it keeps its first value.
    demonstrate     a function from a `State` to a `Demonstration`; it takes less than 30 ms

and add its name to `MODULES` in `topics`.
"""
