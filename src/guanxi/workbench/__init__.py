"""The workbench (工作台): the start page, the palette, notifications, saved views and the shell around every page.

It composes screens from everything below it and owns little: what a person was told, and how a person
likes to see a list.
"""
