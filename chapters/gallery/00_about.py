# %% [markdown]
# # The gallery of widgets
#
# Every widget of the course, each with a small example. Run a cell and play; nothing here is
# graded. All of them work with the keyboard: Tab moves between the controls, T shows the data as
# a table. Most of them ask for a prediction first. "Show me" skips it.
