"""打印: values in, PDF bytes out; knows neither the store nor Qt."""
