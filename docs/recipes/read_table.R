# Reads a table's CSV that was pulled from the Hub, in base R: Rscript docs/recipes/read_table.R FILE.csv
#
# The indicator's own column holds numbers and symbols (c, x, z); it stays a text. The column that ends with _value
# holds numbers alone: where a symbol stands it is empty, which R reads as NA. NA is "not shown" and never none.

file <- commandArgs(trailingOnly = TRUE)[1]
figures <- read.csv(file, fileEncoding = "UTF-8", check.names = FALSE, na.strings = "", colClasses = "character")

value <- grep("_value$", names(figures), value = TRUE)
status <- sub("_value$", "_status", value)
figures[[value]] <- as.integer(figures[[value]])

cat("Rows by status:\n")
print(table(figures[[status]]))

# Totals out: where a table is by authority, the rows for all of them together are totals, too.
is_total <- apply(figures == "Total", 1, any, na.rm = TRUE)
if (any(figures$geographic_level == "Local authority")) {
  is_total <- is_total | figures$geographic_level != "Local authority"
}
filters <- names(figures)[seq(10, length.out = match(value, names(figures)) - 11)]
columns <- c("la_name", filters, value, "as_of")

cat("\nFigures that are shown, without totals:\n")
print(figures[!is.na(figures[[value]]) & !is_total, columns], row.names = FALSE)
