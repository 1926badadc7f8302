"""What holds a register's lines: text, a workbook, a table of dBASE, an exchange file of 1C. One module each.

Each gives the same thing, `Chunk`s of lines with their cells as text, and refuses what it cannot read with the line.
"""
