"""Charts and maps as Vega-Lite: the same picture on the page, in a notebook, in a document.

What is asked for, and where it is

===================  ===================================================================================
`series.series`      months of a place with expected range, phases and actions
`sparkline`          the same, the size of a word
`rhythm`             hour by weekday
`rankings`           categories of a place; places of a zone
`maps`               one place with its cells; the places of a zone by deviation
`drawing`            a chart as specification for the page, as SVG, as PNG
`sentences`          the findings, in three languages
`alternatives`       text alternatives of the pictures
`words`              translator, numbers, dates
`tokens`             colours, type and space
===================  ===================================================================================
"""
