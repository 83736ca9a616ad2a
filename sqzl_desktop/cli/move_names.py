"""变动名称: what the moves of life are called on the command line."""

MOVES = ("born", "died", "out", "in", "split", "join", "head", "let", "let-end", "sold")
