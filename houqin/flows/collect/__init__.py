"""Collect 通知—回执—催报—汇总: a table sent to many schools, confirmed rather than typed, summed by itself."""
