from sqzl_desktop.server.metrics import BOUNDS, Metrics


def value(text, line):
    return next(float(each.rpartition(" ")[2]) for each in text.splitlines()
                if each.startswith(f"{line} "))  # fmt: skip


def test_counters_gauges_and_histogram_are_told():
    metrics = Metrics()
    metrics.count("sqzl_operations_total", 3, outcome="applied")
    metrics.count("sqzl_operations_total", 2, outcome="applied")
    metrics.gauges["sqzl_requests_in_work"] = lambda: 7
    for seconds in (0.001, 0.03, 99.0):
        metrics.took("/health", seconds)

    text = metrics.text()

    assert value(text, 'sqzl_operations_total{outcome="applied"}') == 5
    assert value(text, "sqzl_requests_in_work") == 7
    bucket = 'sqzl_request_seconds_bucket{route="/health",le='
    assert value(text, f'{bucket}"0.002"}}') == 1
    assert value(text, f'{bucket}"{BOUNDS[-1]}"}}') == 2
    assert value(text, f'{bucket}"+Inf"}}') == 3
    assert value(text, 'sqzl_request_seconds_count{route="/health"}') == 3


def test_labels_cannot_break_the_format():
    metrics = Metrics()
    metrics.count("sqzl_refusals_total", code='a"b\\c\nd')

    assert r'code="a\"b\\c\nd"' in metrics.text()
